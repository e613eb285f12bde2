package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.check.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The policy alone: cells, a limit, and what it would evict. */
class ColdestPolicyTest {

  private static final int LIMIT = 100;

  private final ColdestPolicy policy = new ColdestPolicy(new WindowShare(LIMIT));
  private final Map<Object, Cell> there = new HashMap<>();

  /** Asks for a key; returns whether it was there. */
  private boolean ask(int key) {
    Cell present = there.get(key);
    if (present != null) {
      if (present.freq < Cell.MOST_READ) {
        present.freq++;
      }
      return true;
    }
    while (there.size() >= LIMIT) {
      Cell victim = Check.notNull(policy.evict(LIMIT), "victim");
      assertThat(victim.queue).isEqualTo(Cell.NOWHERE);
      assertThat(there.remove(victim.key)).isSameAs(victim);
      victim.killQuietly();
    }
    Cell cell = new Cell(Table.spread(key), key, "v");
    there.put(key, cell);
    policy.add(cell);
    if (there.size() < LIMIT) {
      policy.settle(LIMIT);
    }
    policy.expect(LIMIT);
    return false;
  }

  @Test
  void evict_ofAnEmptyOne_isNull() {
    assertThat(policy.evict(LIMIT)).isNull();
  }

  @Test
  void scan_ofManyKeysOnce_doesNotFlushWhatIsHot() {
    for (int round = 0; round < 20; round++) {
      for (int key = 0; key < 50; key++) {
        ask(key);
      }
    }
    for (int key = 1_000; key < 11_000; key++) {
      ask(key);
      ask(key % 50);
    }
    int hot = 0;
    for (int key = 0; key < 50; key++) {
      hot += there.containsKey(key) ? 1 : 0;
    }
    assertThat(hot).isGreaterThan(45);
  }

  @Test
  void loop_thatDoesNotFit_stillHits() {
    int hits = 0;
    for (int i = 0; i < 40_000; i++) {
      hits += ask(i % 150) ? 1 : 0;
    }
    assertThat(hits / 40_000.0).as("the least recently used would never hit").isGreaterThan(0.35);
  }

  @Test
  void workingSet_thatMoves_isFollowed() {
    Random random = new Random(1);
    int hits = 0;
    for (int i = 0; i < 50_000; i++) {
      hits += ask(i / 100 + random.nextInt(60)) ? 1 : 0;
    }
    assertThat(hits / 50_000.0).isGreaterThan(0.8);
  }

  @Test
  void removed_cells_leaveNoWeightAndFewPlaces() {
    for (int i = 0; i < 100_000; i++) {
      ask(i);
      Cell cell = there.remove(i);
      if (cell != null) {
        cell.killQuietly();
        policy.removed(cell);
      }
    }
    assertThat(policy.entries()).isEqualTo(there.size());
    assertThat(policy.windowSize() + policy.mainSize()).isEqualTo(there.size());
    assertThat(policy.slots()).isLessThan(200);
  }
}
