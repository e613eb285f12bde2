package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private final Budget budget = new Budget();

  @Test
  void take_nothingFree_takesNothing() {
    assertThat(budget.take(16, 1_000)).isZero();
    assertThat(budget.free()).isZero();
  }

  @Test
  void take_muchFree_takesABatchThatGrowsWithTheShard() {
    budget.give(1_000_000);

    assertThat(budget.take(16, 0)).isEqualTo(1);
    assertThat(budget.take(16, 800)).isEqualTo(101);
    assertThat(budget.free()).isEqualTo(1_000_000 - 102);
  }

  @Test
  void take_littleFree_leavesMostForTheOthers() {
    budget.give(640);

    assertThat(budget.take(16, 1_000_000)).isEqualTo(10); // one in four for each of the 16
    budget.take(16, 0);
    assertThat(budget.take(64, 1_000_000)).isEqualTo(2);
  }

  @Test
  void take_toTheLast_givesAllOfItOut() {
    budget.give(1_000);
    long taken = 0;
    int turns = 0;
    for (long batch = budget.take(4, 100); batch > 0; batch = budget.take(4, 100)) {
      assertThat(batch).isLessThanOrEqualTo(13);
      taken += batch;
      turns++;
    }
    assertThat(taken).isEqualTo(1_000);
    assertThat(turns).isGreaterThan(1_000 / 13);
  }

  @Test
  void takeAndGive_byFourThreads_loseNothing() throws Exception {
    budget.give(1_000);
    AtomicLong kept = new AtomicLong();
    CyclicBarrier start = new CyclicBarrier(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> {
        try {
          start.await();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        for (int turn = 0; turn < 20_000; turn++) {
          long taken = budget.take(4, turn % 50);
          if (turn % 3 == 0) {
            kept.addAndGet(taken);
          } else {
            budget.give(taken);
          }
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(budget.free() + kept.get()).isEqualTo(1_000);
    assertThat(kept.get()).isPositive();
  }
}
