package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.check.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies that a map which nobody uses right now is sound: links, counts, places, weights. */
final class StoreCheck {

  private StoreCheck() {}

  static void verify(BoundedMap<?, ?> map) {
    verify(((OwnedMap<?, ?>) map).store());
  }

  static void verify(Store store) {
    Shard[] all = store.all();
    for (Shard shard : all) {
      shard.lock();
    }
    try {
      verifyLocked(store);
    } finally {
      for (Shard shard : all) {
        shard.unlock();
      }
    }
  }

  private static void verifyLocked(Store store) {
    @Nullable Cell[] cells = store.cells;
    assertThat(Integer.bitCount(cells.length)).as("a power of two").isEqualTo(1);
    Set<Object> keys = new HashSet<>();
    List<Cell> linked = new ArrayList<>();
    for (int bucket = 0; bucket < cells.length; bucket++) {
      for (Cell cell = cells[bucket]; cell != null; cell = cell.next) {
        assertThat(cell.hash & cells.length - 1).as("bucket of " + cell.key).isEqualTo(bucket);
        assertThat(cell.value).as("value of the linked " + cell.key).isNotNull();
        assertThat(keys.add(cell.key)).as("only one " + cell.key).isTrue();
        linked.add(cell);
      }
    }
    store.forEachInCrowds(hash -> true, cell -> {
      assertThat(cell.value).as("value of the linked " + cell.key).isNotNull();
      assertThat(cell.next).as("one that is to replace " + cell.key).isNull();
      assertThat(keys.add(cell.key)).as("only one " + cell.key).isTrue();
      linked.add(cell);
    });
    counts(store, linked);
    if (store.bound instanceof ColdestBound coldest) {
      coldest(store, coldest, linked);
    } else if (store.bound instanceof OldestBound oldest) {
      oldest(store, oldest, linked);
    }
    if (store.expiry != null) {
      wheels(store, linked);
    }
  }

  private static void counts(Store store, List<Cell> linked) {
    long weight = 0;
    for (Shard shard : store.all()) {
      List<Cell> its =
          linked.stream().filter(cell -> store.of(cell.hash) == shard).toList();
      assertThat(shard.size()).as("size of a shard").isEqualTo(its.size());
      assertThat(shard.used)
          .as("weight of a shard")
          .isEqualTo(its.stream().mapToLong(Cell::weight).sum());
      assertThat(shard.computing).as("computations left behind").isNull();
      assertThat(shard.takeGone()).as("notes left behind").isNull();
      weight += shard.used;
    }
    assertThat(weight).as("weight of all").isLessThanOrEqualTo(store.maximum);
  }

  private static void coldest(Store store, ColdestBound bound, List<Cell> linked) {
    long limits = bound.free();
    for (Shard shard : store.all()) {
      limits += shard.limit;
      assertThat(shard.used).as("within its limit").isLessThanOrEqualTo(shard.limit);
      List<Cell> here =
          linked.stream().filter(cell -> store.of(cell.hash) == shard).toList();
      if (shard.policy == null) {
        assertThat(here).as("in a shard without a policy").isEmpty();
      } else {
        policy(shard.policy, here);
      }
    }
    assertThat(limits).as("limits and what is free").isEqualTo(store.maximum);
  }

  private static void policy(ColdestPolicy policy, List<Cell> linked) {
    List<Cell> known = new ArrayList<>();
    policy.forEach(known::add);
    assertThat(known).as("in the policy").containsExactlyInAnyOrderElementsOf(linked);
    assertThat(policy.entries()).as("entries of the policy").isEqualTo(linked.size());
    assertThat(policy.windowSize()).isEqualTo(weight(linked, Cell.WINDOW));
    assertThat(policy.mainSize()).isEqualTo(weight(linked, Cell.MAIN));
    assertThat(policy.slots()).as("places").isLessThanOrEqualTo(2 * linked.size() + 400);
  }

  private static long weight(List<Cell> linked, byte queue) {
    return linked.stream()
        .filter(cell -> cell.queue == queue)
        .mapToLong(Cell::weight)
        .sum();
  }

  private static void oldest(Store store, OldestBound bound, List<Cell> linked) {
    long weight = linked.stream().mapToLong(Cell::weight).sum();
    assertThat(bound.order().free() + weight).as("free and used").isEqualTo(store.maximum);
    List<Cell> inOrder = new ArrayList<>();
    bound.order().forEach(cell -> {
      if (cell.value != null) {
        inOrder.add(cell);
      }
    });
    assertThat(inOrder).as("in order").containsExactlyInAnyOrderElementsOf(linked);
    assertThat(bound.order().slots()).isLessThanOrEqualTo(2 * linked.size() + 200);
  }

  private static void wheels(Store store, List<Cell> linked) {
    Set<Cell> placed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Shard shard : store.all()) {
      Check.notNull(shard.wheel, "wheel").forEach((cell, current) -> {
        placed.add(cell);
        assertThat(((TimedCell) cell).deadline)
            .as("deadline of " + cell.key + ", whose time has not been looked at")
            .isGreaterThan(current);
      });
    }
    assertThat(placed)
        .as("placed")
        .containsExactlyInAnyOrderElementsOf(linked.stream()
            .filter(cell -> ((TimedCell) cell).deadline != Wheel.NEVER)
            .toList());
  }
}
