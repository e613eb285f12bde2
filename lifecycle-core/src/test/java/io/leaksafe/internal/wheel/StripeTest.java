package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a stripe, and what it takes out when. */
class StripeTest extends StripeTestCase {

  @Test
  void stripe_whenNew_isEmptyAndSleepsForEver() {
    assertThat(stripe.count()).isZero();
    assertThat(stripe.wake()).isEqualTo(Stripe.NEVER);
    assertThat(takeDue(Long.MAX_VALUE - 1, 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 63, 64, 65, 4095, 4096, 4097, 1L << 30, 1L << 60, (1L << 62) + 12_345})
  void takeDue_atTheTickAndOneBefore_isExact(long tick) {
    add(tick);
    assertThat(stripe.wake()).isEqualTo(tick);
    if (tick > 0) {
      assertThat(takeDue(tick - 1, 1)).isEmpty();
    }
    assertThat(takeDue(tick, 2)).containsExactly("tick " + tick);
    assertThat(takeDue(Long.MAX_VALUE - 1, 1)).isEmpty();
  }

  @Test
  void takeDue_acrossAllLevels_isInTheOrderOfTicks() {
    List<String> expected = new ArrayList<>();
    for (int bit = 62; bit >= 0; bit--) {
      add((1L << bit) + 1);
      expected.add(0, "tick " + ((1L << bit) + 1));
    }
    List<String> taken = new ArrayList<>();
    takeAllDue(Long.MAX_VALUE - 1, taken);
    assertThat(taken).isEqualTo(expected);
  }

  @Test
  void takeDue_oneTickAfterTheOther_firesEachOnce() {
    List<String> expected = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (long tick = 0; tick < 10_000; tick += 7) {
      add(tick);
      expected.add("tick " + tick);
    }
    for (long now = 0; now < 10_000; now++) {
      takeAllDue(now, taken);
    }
    assertThat(taken).isEqualTo(expected);
  }

  @Test
  void takeDue_ofOneTick_isFirstInFirstOut() {
    Due due = new Due(100);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      items.add(add(70_000)); // through two cascades
      takeDue(600L * i, 1);
    }
    stripe.takeDue(70_000, due);
    for (int i = 0; i < 100; i++) {
      assertThat(due.get(i)).isSameAs(items.get(i));
    }
  }

  @Test
  void add_dueBeforeTheCursor_isDueAtOnce() {
    takeDue(1_000, 1);
    add(5);
    assertThat(stripe.wake()).isEqualTo(5);
    assertThat(takeDue(1_000, 1)).containsExactly("tick 5", "more");
  }

  @Test
  void add_atTheTickUnderWay_isDueAtOnce() {
    takeDue(1_000, 1);
    add(1_000);
    assertThat(takeDue(1_000, 2)).containsExactly("tick 1000");
  }

  @Test
  void add_withTheCursorAtTheEndOfTheTopLevel_isDueInItsTime() {
    takeDue(Long.MAX_VALUE - 3, 1);
    add(Long.MAX_VALUE - 1);
    add(12);
    assertThat(takeDue(Long.MAX_VALUE - 2, 2)).containsExactly("tick 12");
    assertThat(takeDue(Long.MAX_VALUE - 1, 2)).containsExactly("tick " + (Long.MAX_VALUE - 1));
  }

  @Test
  void takeDue_withAClockThatWentBack_isNotConfused() {
    add(2_000);
    takeDue(1_000, 1);
    assertThat(takeDue(500, 1)).isEmpty();
    add(600);
    assertThat(takeDue(1_000, 2)).containsExactly("tick 600");
    assertThat(takeDue(2_000, 2)).containsExactly("tick 2000");
  }

  @Test
  void wake_ofAnEarlierAndALaterOne_isTheEarlier() {
    Item item = new Item("late", null);
    item.due(1_000);
    assertThat(stripe.add(item, null)).isPositive();
    Item earlier = new Item("early", null);
    earlier.due(999);
    assertThat(stripe.add(earlier, null)).isPositive();
    Item later = new Item("later", null);
    later.due(999);
    assertThat(stripe.add(later, null)).isZero();
    assertThat(stripe.wake()).isEqualTo(999);
  }

  @Test
  void wake_afterTakeDue_isTheTickOfTheNext() {
    add(10);
    add(5_000);
    add(70_001);
    takeDue(10, 2);
    assertThat(stripe.wake()).isEqualTo(5_000);
    takeDue(5_000, 2);
    assertThat(stripe.wake()).isEqualTo(70_001);
    takeDue(70_001, 2);
    assertThat(stripe.wake()).isEqualTo(Stripe.NEVER);
  }

  @Test
  void wake_withManyInOneSlot_isTheStartOfTheSlotAtMost() {
    for (int i = 0; i < 100; i++) {
      add(4_096 + i);
    }
    takeDue(0, 1);
    assertThat(stripe.wake()).isEqualTo(4_096);
    remove(add(1));
    assertThat(stripe.wake()).isOne();
    assertThat(takeDue(1, 1)).isEmpty();
    assertThat(stripe.wake()).isEqualTo(4_096);
  }

  // ---- cascades in portions

  @Test
  void takeDue_ofMoreThanTwoPortionsInOneSlot_firesAllInOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      add(5_000 + i / 40);
      expected.add("tick " + (5_000 + i / 40));
    }
    List<String> taken = new ArrayList<>();
    assertThat(takeAllDue(4_999, taken)).isGreaterThan(3);
    assertThat(taken).isEmpty();
    assertThat(stripe.wake()).isEqualTo(5_000);
    takeAllDue(6_000, taken);
    assertThat(taken).isEqualTo(expected);
  }

  @Test
  void takeDue_whileASlotIsHalfMoved_goesOnWithItBeforeAnythingElse() {
    for (int i = 0; i < 1_500; i++) {
      add(5_000);
    }
    assertThat(takeDue(5_000, 10)).containsExactly("more");
    assertThat(stripe.part).isNotNegative();
    long cursor = stripe.cursor;
    add(4_990); // is not in the slot that is half moved, but below
    assertThat(takeDue(5_000, 10)).containsExactly("more");
    assertThat(stripe.cursor).isEqualTo(cursor);
    List<String> taken = new ArrayList<>();
    takeAllDue(5_000, taken);
    assertThat(taken).startsWith("tick 4990").hasSize(1_501);
  }

  @Test
  void remove_ofTheLastInASlotThatIsHalfMoved_letsTimeGoOn() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 520; i++) {
      items.add(add(5_000));
    }
    takeDue(4_999, 10);
    assertThat(stripe.part).isNotNegative();
    for (Item item : items.subList(510, 520)) {
      assertThat(remove(item)).isTrue();
    }
    assertThat(stripe.part).isNegative();
    List<String> taken = new ArrayList<>();
    takeAllDue(5_000, taken);
    assertThat(taken).hasSize(510);
  }

  @Test
  void takeDue_withRoomForFew_leavesTheRestDue() {
    for (int i = 0; i < 10; i++) {
      add(100);
    }
    assertThat(takeDue(100, 4)).hasSize(5).endsWith("more");
    assertThat(takeDue(100, 4)).hasSize(5).endsWith("more");
    assertThat(takeDue(100, 4)).hasSize(2);
    assertThat(stripe.count()).isZero();
  }

  // ---- taking out

  @Test
  void remove_ofASlotThatHasAnotherEntry_isFalseAndLeavesIt() {
    Item first = add(10);
    int slot = first.place();
    assertThat(remove(first)).isTrue();
    Item second = add(20);
    assertThat(second.place()).isEqualTo(slot);
    assertThat(remove(first)).isFalse();
    assertThat(stripe.count()).isOne();
  }

  @Test
  void takeDue_ofACancelledEntry_freesItsSlotAndTakesItNot() {
    Item item = add(10);
    assertThat(item.go(Entry.PENDING, Entry.CANCELLED)).isTrue();
    assertThat(takeDue(10, 2)).isEmpty();
    assertThat(stripe.count()).isZero();
  }

  @Test
  void read_ofMailThatComesTwiceAndLate_freesTheSlotOnce() {
    Item item = add(10);
    Mailbox box = new Mailbox.Apart();
    for (int i = 0; i < 2; i++) {
      Mail mail = new Mail(1);
      mail.add(item.place(), item);
      box.put(mail);
    }
    item.go(Entry.PENDING, Entry.CANCELLED);
    stripe.read(box);
    Item next = add(10);
    Mail late = new Mail(1);
    late.add(item.place(), item);
    box.put(late);
    stripe.read(box);
    assertThat(stripe.count()).isOne();
    assertThat(takeDue(10, 2)).containsExactly(next.name);
  }

  @Test
  void write_ofAsManyAsItHasRoomFor_returnsThemAndBeginsAnew() {
    Item item = new Item("elsewhere", null);
    assertThat(stripe.outbox.take()).isNull();
    assertThat(stripe.outbox.write(1, item)).isNull();
    assertThat(stripe.outbox.write(2, item)).isNull();
    assertThat(stripe.outbox.write(3, item)).isNull();
    Mail full = stripe.outbox.write(4, item);
    assertThat(full.slots).containsExactly(1, 2, 3, 4);
    assertThat(stripe.outbox.take()).isNull();
    stripe.outbox.write(5, item);
    assertThat(stripe.outbox.take().count).isOne();
  }

  // ---- groups

  @Test
  void count_ofAGroup_isThatOfItsEntries() {
    Group group = newGroup();
    assertThat(stripe.count(group)).isZero();
    add(10, group);
    Item second = add(20, group);
    add(30);
    assertThat(stripe.count(group)).isEqualTo(2);
    remove(second);
    assertThat(stripe.count(group)).isOne();
    takeDue(10, 2);
    assertThat(stripe.count(group)).isZero();
    assertThat(stripe.count()).isOne();
  }

  @Test
  void takeOut_ofMoreThanAPortion_takesOnePortion() {
    Group group = newGroup();
    for (int i = 0; i < 5; i++) {
      add(10 + i, group);
    }
    List<Entry> taken = new ArrayList<>();
    assertThat(stripe.takeOut(group, 3, taken)).isTrue();
    assertThat(taken).hasSize(3).noneMatch(Entry::isPending);
    assertThat(stripe.takeOut(group, 3, taken)).isFalse();
    assertThat(taken).hasSize(5).doesNotHaveDuplicates();
    assertThat(stripe.takeOut(group, 3, taken)).isFalse();
  }

  @Test
  void takeOut_ofCancelledEntries_freesThemAndReturnsTheOthers() {
    Group group = newGroup();
    Item cancelled = add(10, group);
    Item pending = add(20, group);
    cancelled.go(Entry.PENDING, Entry.CANCELLED);
    List<Entry> taken = new ArrayList<>();
    stripe.takeOut(group, 3, taken);
    assertThat(taken).containsExactly(pending);
    assertThat(stripe.count()).isZero();
  }

  @Test
  void takeOut_ofAllInASlotThatIsHalfMoved_letsTimeGoOn() {
    Group group = newGroup();
    for (int i = 0; i < 1_000; i++) {
      add(5_000, group);
    }
    takeDue(4_999, 10);
    assertThat(stripe.part).isNotNegative();
    List<Entry> taken = new ArrayList<>();
    assertThat(stripe.takeOut(group, 1_000, taken)).isFalse();
    assertThat(taken).hasSize(1_000);
    assertThat(stripe.part).isNegative();
    add(5_001);
    assertThat(takeDue(5_001, 2)).containsExactly("tick 5001");
  }

  @Test
  void forget_ofAnEmptyGroup_freesItsSlot() {
    Group group = newGroup();
    remove(add(10, group));
    int sentinel = stripe.sentinelOf(group);
    stripe.forget(group);
    assertThat(group.sentinel(0)).isEqualTo(Group.NONE);
    assertThat(stripe.slab.free).isEqualTo(sentinel);
    stripe.forget(group);
    assertThat(stripe.slab.free).isEqualTo(sentinel);
  }

  @Test
  void forget_ofAGroupWithEntries_leavesIt() {
    Group group = newGroup();
    add(10, group);
    stripe.forget(group);
    assertThat(stripe.count(group)).isOne();
  }

  @Test
  void add_toAFullStripe_isRefusedAsFullAndLeavesItWhole() {
    Group group = newGroup();
    List<Item> items = new ArrayList<>();
    int added = 0;
    while (added >= 0) {
      Item item = new Item("one of many", group);
      added = stripe.add(item, group);
      items.add(item);
    }
    assertThat(added).isEqualTo(Stripe.FULL);
    Group late = newGroup();
    assertThat(stripe.add(new Item("late", late), late)).isEqualTo(Stripe.FULL);
    assertThat(late.sentinel(0)).isEqualTo(Group.NONE);
    assertThat(stripe.count()).isEqualTo(items.size() - 1).isGreaterThan(64_000);
    assertThat(remove(items.get(0))).isTrue();
    // there is room for a sentinel now, and not for its entry
    assertThat(stripe.add(new Item("late", late), late)).isEqualTo(Stripe.FULL);
    WheelCheck.verify(stripe, groups);
    assertThat(remove(items.get(1))).isTrue();
    add(5, late);
  }

  @Test
  void close_withEntries_forgetsThemAndRefusesOthers() {
    Group group = newGroup();
    Item item = add(10, group);
    stripe.outbox.write(7, item);
    stripe.close();
    assertThat(stripe.count()).isZero();
    assertThat(stripe.count(group)).isZero();
    assertThat(stripe.takeOut(group, 1, new ArrayList<>())).isFalse();
    assertThat(stripe.wake()).isEqualTo(Stripe.NEVER);
    assertThat(stripe.add(new Item("late", null), null)).isNegative();
    assertThat(stripe.remove(item.place(), item)).isFalse();
    assertThat(takeDue(100, 1)).isEmpty();
    stripe.forget(group);
    stripe.close();
  }
}
