package io.leaksafe.internal.wheel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An entry, and wheels for it in which every thread is at home where the test says. */
final class Plain extends Entry {

  static final int FINE = 16;

  private final @Nullable Group group;

  Plain() {
    this(null);
  }

  Plain(@Nullable Group group) {
    this.group = group;
  }

  @Override
  protected @Nullable Group group() {
    return group;
  }

  /** Two stripes; entries are added to the first. */
  static Wheels wheels() {
    Wheels wheels = new Wheels(2, new Ticks(0, FINE), 512, () -> {});
    home(wheels, 0);
    return wheels;
  }

  static void home(Wheels wheels, int stripe) {
    Arrays.fill(wheels.stripes.homes, (short) stripe);
  }

  /** How many entries a ring has, followed by one of the links. */
  static int ring(Slab slab, int sentinel, int link) {
    int count = 0;
    for (int slot = slab.get(sentinel, link); slot != sentinel && count < 9; count++) {
      slot = slab.get(slot, link);
    }
    return count;
  }
}
