package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Wheels in which this thread may be at home in any stripe; after each test everything is as promised. */
abstract class WheelTestCase {

  static final int FINE = 16;
  static final long TICK = 1L << FINE;
  static final long SECOND = 1_000_000_000;

  final List<Group> groups = new ArrayList<>();
  Wheels wheels = new Wheels(4, new Ticks(0, FINE), 512, () -> {});
  long now;

  @AfterEach
  final void everythingIsAsPromised() {
    verify();
  }

  final void verify() {
    WheelCheck.verify(wheels, groups);
  }

  /** Uses wheels of one exact stripe instead. */
  final void exact() {
    wheels = Wheels.exact(now);
  }

  final Group newGroup() {
    Group group = new Group();
    groups.add(group);
    return group;
  }

  /** Makes this thread at home in a stripe. */
  final void moveTo(int stripe) {
    wheels.stripes.homes[(int) Thread.currentThread().getId() & Stripes.HOMES - 1] = (short) stripe;
  }

  final Item add(long due) {
    return add(due, null);
  }

  final Item add(long due, @Nullable Group group) {
    Item item = new Item("due " + due, group);
    assertThat(wheels.add(item, due)).isNotEqualTo(Wheels.Added.REFUSED);
    return item;
  }

  final List<Item> add(int count, long due, @Nullable Group group) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(add(due, group));
    }
    return items;
  }

  /** Lets time pass and returns all that is due, in the order in which it is fired. */
  final List<Entry> advance(long nanos) {
    now += nanos;
    List<Entry> fired = new ArrayList<>();
    boolean more;
    do {
      more = takeDue(512, fired);
    } while (more);
    return fired;
  }

  /** Takes out once what is due; whether there is more. */
  final boolean takeDue(int most, List<? super Entry> into) {
    Due due = new Due(most);
    boolean more = wheels.takeDue(now, due);
    due.sort();
    for (int i = 0; i < due.size(); i++) {
      assertThat(now - due.get(i).due()).as("late").isNotNegative();
      into.add(due.get(i));
    }
    verify();
    return more;
  }
}
