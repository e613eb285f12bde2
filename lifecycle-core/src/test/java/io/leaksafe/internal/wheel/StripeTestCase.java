package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** One wheel, by ticks of one nanosecond, which is checked after every step. */
abstract class StripeTestCase {

  static final int PORTION = 512;

  final Stripe stripe = new Stripe.Apart(0, new Ticks(0, 0), PORTION, 4);
  final List<Group> groups = new ArrayList<>();

  @AfterEach
  void everythingIsAsPromised() {
    WheelCheck.verify(stripe, groups);
  }

  final Item add(long tick) {
    return add(tick, null);
  }

  final Item add(long tick, @Nullable Group group) {
    Item item = new Item("tick " + tick, group);
    item.due(tick);
    assertThat(stripe.add(item, group)).isNotNegative();
    if (stripe.count() % 97 < 20) { // not after each of thousands
      WheelCheck.verify(stripe, groups);
    }
    return item;
  }

  final boolean remove(Item item) {
    boolean removed = stripe.remove(item.place(), item);
    WheelCheck.verify(stripe, groups);
    return removed;
  }

  final Group newGroup() {
    Group group = new Group();
    groups.add(group);
    return group;
  }

  /** What one call takes out; {@code more} at the end if there is more to do now. */
  final List<String> takeDue(long now, int most) {
    Due due = new Due(most);
    boolean more = stripe.takeDue(now, due);
    WheelCheck.verify(stripe, groups);
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      taken.add(due.get(i).toString());
    }
    if (more) {
      taken.add("more");
    }
    return taken;
  }

  /** All that is due, and how many calls that took. */
  final int takeAllDue(long now, List<String> into) {
    for (int calls = 1; ; calls++) {
      List<String> taken = takeDue(now, PORTION);
      boolean more = taken.remove("more");
      into.addAll(taken);
      if (!more) {
        return calls;
      }
    }
  }
}
