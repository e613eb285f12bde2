package io.leaksafe.testkit.assertj;

import io.leaksafe.handle.Action;
import io.leaksafe.testkit.HeapCycle;
import io.leaksafe.testkit.HeapGrowth;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what is done again and again. What is looked at, and what it takes, is said at {@link HeapCycle}. */
public final class CycleAssert extends AbstractAssert<CycleAssert, Action> {

  private @Nullable HeapCycle cycle;

  CycleAssert(@Nullable Action actual) {
    super(actual, CycleAssert.class);
  }

  /**
   * Sets how many cycles come first, and are not looked at: enough to fill caches and load classes.
   *
   * @param number zero or more; 50 if not set
   * @return this
   */
  public CycleAssert warmup(int number) {
    cycle().warmup(number);
    return this;
  }

  /**
   * Sets the windows after each of which the heap is looked at.
   *
   * @param number          how many, from 2 to 100; 3 if not set
   * @param cyclesPerWindow how long they are, 1 or more; 20 if not set
   * @return this
   */
  public CycleAssert windows(int number, int cyclesPerWindow) {
    cycle().windows(number, cyclesPerWindow);
    return this;
  }

  /**
   * Runs the cycles, and fails if they leave objects behind; the message names the classes, how many bytes a cycle leaves, and
   * what holds them.
   *
   * @return this
   * @throws IllegalStateException if this JVM cannot look into its heap, with what is missing
   */
  public CycleAssert doesNotGrowTheHeap() {
    HeapGrowth growth;
    try {
      growth = cycle().measure();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      AssertionError failed =
          failure("Expected a cycle that does not grow the heap, but it threw %s.", failure);
      failed.initCause(failure);
      throw failed;
    }
    if (growth.grows()) {
      throw failure(
          "Expected a cycle that does not grow the heap, but %s%nRemove what a cycle adds, or bound it. What is only not full yet needs a longer warmup(..).",
          growth);
    }
    return this;
  }

  private HeapCycle cycle() {
    isNotNull();
    HeapCycle settings = cycle == null ? HeapCycle.of(actual) : cycle;
    cycle = settings;
    return settings;
  }
}
