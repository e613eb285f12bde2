package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.internal.wheel.Wheels.Added;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several wheels side by side, by one thread that moves between them. */
class WheelsTest extends WheelTestCase {

  private static final int LETTERS = 64; // of an outbox, with four stripes

  // ---- adding

  @Test
  void add_dueBeforeAllElse_isEarlier() {
    assertThat(wheels.add(new Item("a", null), SECOND)).isEqualTo(Added.EARLIER);
    assertThat(wheels.add(new Item("b", null), SECOND)).isEqualTo(Added.LATER);
    assertThat(wheels.add(new Item("c", null), SECOND - TICK)).isEqualTo(Added.EARLIER);
  }

  @Test
  void add_ofAnEntryThatStands_throwsAndKeepsItsDeadline() {
    Item item = add(SECOND);
    assertThatThrownBy(() -> wheels.add(item, 5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The timer is pending already.");
    assertThat(item.due()).isEqualTo(SECOND);
    assertThat(wheels.count()).isOne();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -SECOND, Long.MIN_VALUE / 4})
  void add_dueNowOrBefore_isDueAtOnce(long due) {
    Item item = add(due);
    assertThat(wheels.nanosUntil(wheels.wake(), now)).isNotPositive();
    assertThat(advance(0)).containsExactly(item);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE / 4, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void add_dueInCenturies_isNotDueBefore(long due) {
    Item item = add(due);
    assertThat(advance(SECOND)).isEmpty();
    assertThat(wheels.nanosUntil(wheels.wake(), now)).isBetween(due - SECOND - TICK, due);
    now = 0;
    assertThat(advance(due - 3 * TICK)).isEmpty();
    assertThat(wheels.cancel(item)).isTrue();
  }

  @Test
  void add_beforeTheOriginAndAcrossTheOverflowOfTheClock_isDueInItsTime() {
    now = Long.MAX_VALUE - SECOND;
    wheels = new Wheels(2, new Ticks(now, FINE), 512, () -> {});
    Item past = add(now - SECOND);
    Item after = add(now + 3 * SECOND);
    Item before = add(now + SECOND / 2);
    assertThat(advance(0)).containsExactly(past);
    assertThat(advance(SECOND)).containsExactly(before);
    assertThat(advance(3 * SECOND)).containsExactly(after);
  }

  @Test
  void takeDue_afterTheMachineSleptForHours_takesAllOfTheTime() {
    List<Entry> items = new ArrayList<>();
    for (int minutes = 0; minutes < 600; minutes++) {
      moveTo(minutes % 4);
      items.add(add(60 * SECOND * minutes));
    }
    List<Entry> fired = advance(36_000 * SECOND);
    assertThat(fired).containsExactlyInAnyOrderElementsOf(items);
    assertThat(wheels.wake()).isEqualTo(Stripe.NEVER);
    assertThat(wheels.nanosUntil(wheels.wake(), now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void takeDue_fine_isLessThanATickLateAndNeverEarly() {
    int step = 1_000;
    for (long delay = 1; delay < 300 * TICK; delay += 99_733) {
      Item item = add(now + delay);
      Due due = new Due(8);
      while (due.size() == 0) {
        now += step;
        wheels.takeDue(now, due);
      }
      assertThat(due.get(0)).isSameAs(item);
      assertThat(now - item.due()).isBetween(0L, TICK + step);
    }
  }

  @Test
  void takeDue_exact_isInTheOrderOfDeadlinesAndThenOfAdding() {
    exact();
    Item c = add(3);
    Item a = add(1);
    Item a2 = add(1);
    Item b = add(2);
    assertThat(advance(2)).containsExactly(a, a2, b);
    assertThat(advance(1)).containsExactly(c);
  }

  @Test
  void takeDue_exactWithManyDueFarAhead_takesNothingBefore() {
    exact();
    add(2_000, 1_000_000, null);
    assertThat(advance(999_999)).isEmpty();
    assertThat(wheels.wake()).isEqualTo(1_000_000);
    assertThat(advance(1)).hasSize(2_000);
  }

  @Test
  void takeDue_withABacklogInOneStripe_reachesTheOthersSoon() {
    moveTo(0);
    add(5_000, 0, null);
    List<Item> others = new ArrayList<>();
    for (int stripe = 1; stripe < 4; stripe++) {
      moveTo(stripe);
      others.add(add(0));
    }
    List<Entry> fired = new ArrayList<>();
    for (int scan = 0; scan < 4; scan++) {
      takeDue(512, fired);
    }
    assertThat(fired).containsAll(others);
  }

  // ---- cancelling

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void cancel_fromHereAndFromElsewhere_isTrueOnceAndNothingFires(int home) {
    moveTo(0);
    Item item = add(SECOND);
    moveTo(home);
    assertThat(wheels.cancel(item)).isTrue();
    assertThat(wheels.cancel(item)).isFalse();
    assertThat(wheels.disarm(item)).isFalse();
    assertThat(wheels.cancel(item)).isFalse();
    assertThat(advance(2 * SECOND)).isEmpty();
    assertThat(wheels.count()).isZero();
  }

  @Test
  void cancel_ofAnEntryThatWasNeverAdded_isFalse() {
    Item item = new Item("never added", null);
    moveTo(0);
    assertThat(wheels.cancel(item)).isFalse();
    moveTo(1);
    assertThat(wheels.cancel(item)).isFalse();
    assertThat(wheels.disarm(item)).isFalse();
    assertThat(wheels.add(item, 0)).isEqualTo(Added.EARLIER);
    assertThat(advance(0)).containsExactly(item);
  }

  @Test
  void cancel_ofAnEntryThatFired_isFalse() {
    Item item = add(0);
    advance(0);
    assertThat(wheels.cancel(item)).isFalse();
    assertThat(item.begin()).isTrue();
    assertThat(item.begin()).isFalse();
    assertThat(item.stop()).isFalse();
  }

  @Test
  void stop_ofAnEntryThatFiredAndHasNotBegun_keepsItFromBeginning() {
    Item item = add(0);
    advance(0);
    assertThat(item.stop()).isTrue();
    assertThat(item.begin()).isFalse();
    assertThat(wheels.disarm(item)).isFalse();
  }

  @Test
  void cancel_fromElsewhere_freesTheSlotOnceTheOutboxIsFull() {
    moveTo(0);
    List<Item> items = add(LETTERS, SECOND, null);
    moveTo(1);
    for (Item item : items.subList(0, LETTERS - 1)) {
      assertThat(wheels.cancel(item)).isTrue();
    }
    assertThat(WheelCheck.standing(wheels)).isEqualTo(LETTERS);
    assertThat(wheels.stripes.box(0).isEmpty()).isTrue();
    assertThat(wheels.cancel(items.get(LETTERS - 1))).isTrue();
    assertThat(wheels.stripes.box(0).isEmpty()).isFalse();
    moveTo(0);
    add(SECOND); // the next visitor reads the mail
    assertThat(WheelCheck.standing(wheels)).isOne();
  }

  @Test
  void cancel_thatFillsADeepMailbox_readsItItself() {
    moveTo(0);
    List<Item> items = add(3 * LETTERS, SECOND, null);
    moveTo(1);
    items.forEach(wheels::cancel);
    assertThat(WheelCheck.standing(wheels)).isZero();
    assertThat(wheels.stripes.box(0).isEmpty()).isTrue();
  }

  @Test
  void takeDue_withNothingDue_readsAllMailAndEmptiesAllOutboxes() {
    for (int stripe = 0; stripe < 4; stripe++) {
      moveTo(stripe);
      Item item = add(SECOND);
      moveTo(stripe + 1 & 3);
      wheels.cancel(item);
    }
    advance(0);
    advance(0);
    assertThat(WheelCheck.standing(wheels)).isZero();
  }

  @Test
  void cancel_ofManyFromElsewhere_leavesABoundedNumberOfShells() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      moveTo(i & 3);
      items.add(add(3_600 * SECOND));
    }
    for (int i = 0; i < items.size(); i++) {
      moveTo(i * 7 >>> 2 & 3);
      wheels.cancel(items.get(i));
    }
    assertThat(WheelCheck.standing(wheels)).isBetween(1, 768);
    assertThat(wheels.count()).isZero();
    assertThat(WheelCheck.standing(wheels)).isZero();
  }

  @Test
  void add_afterMailForAFormerEntryOfTheSlot_staysWhereItIs() {
    moveTo(0);
    Item former = add(SECOND);
    moveTo(1);
    wheels.cancel(former); // its mail waits in the outbox
    moveTo(0);
    assertThat(advance(2 * SECOND)).isEmpty(); // frees the slot
    Item latter = add(3 * SECOND);
    assertThat(latter.place()).isEqualTo(former.place());
    wheels.count(); // has all mail read
    assertThat(advance(2 * SECOND)).containsExactly(latter);
  }

  // ---- disarming

  @Test
  void disarm_ofAPendingEntry_letsItBeAddedAgain() {
    moveTo(2);
    Item item = add(SECOND);
    moveTo(0);
    assertThat(wheels.disarm(item)).isTrue();
    assertThat(wheels.disarm(item)).isFalse();
    assertThat(wheels.count()).isZero();
    wheels.add(item, 2 * SECOND);
    assertThat(advance(SECOND + TICK)).isEmpty();
    assertThat(advance(SECOND)).containsExactly(item);
  }

  @Test
  void disarm_ofAnEntryThatFiredAndHasNotBegun_keepsItFromBeginning() {
    Item item = add(0);
    advance(0);
    assertThat(wheels.disarm(item)).isTrue();
    assertThat(item.begin()).isFalse();
    wheels.add(item, 5);
    assertThat(item.begin()).isFalse();
    assertThat(advance(TICK)).containsExactly(item);
    assertThat(item.begin()).isTrue();
  }

  // ---- groups

  @Test
  void count_ofAGroupOverAllStripes_leavesOutTheCancelled() {
    Group group = newGroup();
    Group other = newGroup();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      moveTo(i & 3);
      items.add(add(SECOND, group));
      add(SECOND, other);
    }
    items.subList(0, 15).forEach(wheels::cancel);
    assertThat(wheels.count(group)).isEqualTo(25);
    assertThat(wheels.count(other)).isEqualTo(40);
    assertThat(wheels.count()).isEqualTo(65);
  }

  @Test
  void pending_ofAGroup_isAtMostSoManyAndNoneThatIsCancelled() {
    Group group = newGroup();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      moveTo(i & 3);
      items.add(add(SECOND, group));
    }
    moveTo(0);
    wheels.cancel(items.get(1)); // stands in another stripe, whose slot it keeps for now
    wheels.cancel(items.get(0));
    assertThat(wheels.pending(group, 100)).hasSize(10).doesNotContain(items.get(0), items.get(1));
    assertThat(wheels.pending(group, 7)).hasSize(7);
    assertThat(wheels.pending(group, 0)).isEmpty();
  }

  @Test
  void takeOut_ofASealedGroup_returnsEachOnceAndRefusesMore() {
    Group group = newGroup();
    List<Entry> items = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      moveTo(i & 3);
      items.add(add(SECOND, group));
    }
    wheels.seal(group);
    assertThat(wheels.add(new Item("late", group), SECOND)).isEqualTo(Added.REFUSED);
    List<Entry> taken = new ArrayList<>();
    wheels.takeOut(group, taken::add);
    assertThat(taken).containsExactlyInAnyOrderElementsOf(items);
    assertThat(items).noneMatch(item -> wheels.cancel(item));
    wheels.forget(group);
    groups.remove(group);
    assertThat(wheels.count(group)).isZero();
    assertThat(wheels.pending(group, 10)).isEmpty();
    wheels.takeOut(group, taken::add);
    assertThat(taken).hasSize(2_000);
  }

  @Test
  void forget_ofAGroupWithMailUnderWay_isNotHarmedByIt() {
    Group group = newGroup();
    moveTo(0);
    List<Item> items = add(10, SECOND, group);
    moveTo(1);
    items.forEach(wheels::cancel);
    wheels.seal(group);
    wheels.takeOut(group, entry -> {
      throw new AssertionError(entry + " had been cancelled");
    });
    wheels.forget(group);
    groups.remove(group);
    moveTo(0);
    List<Item> next = add(10, SECOND, newGroup());
    assertThat(wheels.count()).isEqualTo(10); // has all mail read
    assertThat(advance(2 * SECOND)).hasSameSizeAs(next);
  }

  // ---- closing

  @Test
  void close_withEntriesAndMail_forgetsThemAndRefusesOthers() {
    moveTo(0);
    List<Item> items = add(2 * LETTERS, SECOND, newGroup());
    moveTo(1);
    items.subList(0, LETTERS + 10).forEach(wheels::cancel);
    assertThat(wheels.stripes.box(0).isEmpty()).isFalse();
    wheels.close();
    assertThat(wheels.stripes.box(0).isEmpty()).isTrue();
    assertThat(wheels.count()).isZero();
    assertThat(wheels.wake()).isEqualTo(Stripe.NEVER);
    assertThat(wheels.add(new Item("late", null), SECOND)).isEqualTo(Added.REFUSED);
    assertThat(advance(2 * SECOND)).isEmpty();
    wheels.close();
  }

  @Test
  void cancel_afterClose_keepsNoMail() {
    moveTo(0);
    Item item = add(SECOND);
    wheels.close();
    moveTo(1);
    wheels.cancel(item);
    assertThat(wheels.cancel(item)).isFalse();
  }

  /** A timer that is armed again and again has to be told that it never will fire, not that it is pending. */
  @Test
  void add_afterDisarmAfterClose_isRefused() {
    Item item = add(SECOND);
    wheels.close();
    assertThat(wheels.disarm(item)).isFalse();
    assertThat(wheels.add(item, 2 * SECOND)).isEqualTo(Added.REFUSED);
  }

  // ---- places and memory

  @Test
  void striped_ofAsManyAsThereMayBe_findsEveryPlace() {
    wheels = new Wheels(64, new Ticks(0, FINE), 512, () -> {});
    List<Item> items = new ArrayList<>();
    for (int stripe = 0; stripe < 64; stripe++) {
      moveTo(stripe);
      items.add(add(SECOND));
      items.add(add(SECOND));
      assertThat(items.get(2 * stripe).place() >>> Slab.SLOT_BITS).isEqualTo(stripe);
    }
    for (int i = 0; i < items.size(); i += 2) {
      moveTo(63 - i / 2);
      assertThat(wheels.cancel(items.get(i))).isTrue();
    }
    assertThat(wheels.count()).isEqualTo(64);
    assertThat(advance(2 * SECOND)).hasSize(64);
  }

  @Test
  void striped_forThisMachine_hasSeveralStripesForACore() {
    wheels = Wheels.striped(0, () -> {});
    assertThat(wheels.stripes.all()).hasSizeBetween(4, 64);
  }

  @Test
  void cancel_ofAHundredThousand_givesTheirMemoryBack() {
    wheels = Wheels.striped(0, () -> {});
    for (int i = 0; i < wheels.stripes.all().length; i++) {
      moveTo(i);
      wheels.cancel(add(SECOND));
    }
    long before = WheelCheck.bytes(wheels);
    List<Item> items = new ArrayList<>();
    Group group = newGroup();
    for (int i = 0; i < 100_000; i++) {
      moveTo(i % wheels.stripes.all().length);
      Item item = new Item("one of many", group);
      wheels.add(item, (i + 1) * SECOND);
      items.add(item);
    }
    assertThat(WheelCheck.bytes(wheels) - before).isGreaterThan(1_900_000L);
    moveTo(0);
    items.forEach(wheels::cancel);
    assertThat(wheels.count()).isZero();
    assertThat(WheelCheck.bytes(wheels) - before).isLessThan(64 * 1_024);
  }

  @Test
  void add_ofMoreThanAStripeHasRoomFor_addsStripesAndKeepsEachFindable() {
    int count = 150_000;
    wheels = new Wheels(1, new Ticks(0, FINE), 512, () -> {});
    Group group = newGroup();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Item item = new Item("one of many", group);
      assertThat(wheels.add(item, SECOND + i)).isNotEqualTo(Added.REFUSED);
      items.add(item);
    }
    assertThat(wheels.stripes.all()).hasSize(3);
    assertThat(wheels.count()).isEqualTo(count);
    assertThat(wheels.count(group)).isEqualTo(count);
    verify();
    for (Item item : items.subList(0, 100_000)) {
      assertThat(wheels.cancel(item)).isTrue();
    }
    assertThat(wheels.count(group)).isEqualTo(50_000);
    assertThat(advance(2 * SECOND)).hasSize(50_000);
    wheels.close();
    assertThat(wheels.add(new Item("late", null), SECOND)).isEqualTo(Added.REFUSED);
  }
}
