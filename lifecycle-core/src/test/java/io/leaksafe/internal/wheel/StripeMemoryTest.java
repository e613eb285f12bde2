package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stripe gives the memory of a crowd back, whoever stays. */
class StripeMemoryTest extends StripeTestCase {

  @Test
  void remove_ofNearlyAllInALargeSlab_movesTheRestToASmallOne() {
    Group crowd = newGroup();
    Group stays = newGroup();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 8 * Slab.FEWEST; i++) {
      Item item = new Item("one of many", crowd);
      item.due(i);
      stripe.add(item, crowd);
      items.add(item);
      if (i % Slab.FEWEST == 0) {
        add(1_000_000 - i, stays);
        add(70);
      }
    }
    assertThat(stripe.slab.capacity()).isEqualTo(16 * Slab.FEWEST);
    items.forEach(item -> assertThat(stripe.remove(item.place(), item)).isTrue());
    assertThat(stripe.slab.capacity()).isEqualTo(Slab.FEWEST);
    assertThat(stripe.count(stays)).isEqualTo(8);
    assertThat(stripe.count()).isEqualTo(16);

    List<String> due = new ArrayList<>();
    takeAllDue(70, due);
    assertThat(due).hasSize(8).containsOnly("tick 70");
    takeAllDue(1_000_000, due);
    assertThat(due).hasSize(16).last().isEqualTo("tick 1000000");
    assertThat(stripe.slab.capacity()).as("for none").isZero();
  }

  @Test
  void move_ofOneThatWasCancelledElsewhere_takesItOut() {
    Group group = newGroup();
    Item stays = add(10, group);
    Item cancelled = add(10, group);
    assertThat(cancelled.go(Entry.PENDING, Entry.CANCELLED)).isTrue();
    stripe.move();
    assertThat(stripe.count(group)).isOne();
    assertThat(stripe.slab.entry(stays.place())).isSameAs(stays);
  }

  @Test
  void move_whileASlotIsHalfMoved_losesNothing() {
    for (int i = 0; i < 1_000; i++) {
      add(5_000);
    }
    takeDue(4_999, 10);
    assertThat(stripe.part).isNotNegative();
    stripe.move();
    WheelCheck.verify(stripe, groups);
    assertThat(stripe.part).isNegative();
    List<String> due = new ArrayList<>();
    takeAllDue(5_000, due);
    assertThat(due).hasSize(1_000);
  }

  /** A group that lives on must not keep the memory of a crowd that was there when it came. */
  @Test
  void remove_ofTheLastInALargeSlab_leavesNoMemory() {
    Group crowd = newGroup();
    List<Item> items = new ArrayList<>();
    for (int chunk = 0; chunk < 8; chunk++) {
      for (int i = 0; i < Slab.FEWEST; i++) {
        Item item = new Item("one of many", crowd);
        stripe.add(item, crowd);
        items.add(item);
      }
      items.add(add(10, newGroup()));
    }
    assertThat(stripe.slab.capacity()).isEqualTo(16 * Slab.FEWEST);
    items.forEach(item -> stripe.remove(item.place(), item));
    assertThat(stripe.count()).isZero();
    assertThat(stripe.slab.capacity()).isZero();
    for (Group group : groups) {
      assertThat(stripe.count(group)).isZero();
      add(20, group);
      assertThat(stripe.count(group)).isOne();
    }
    assertThat(stripe.slab.capacity()).isEqualTo(Slab.FEWEST);
  }
}
