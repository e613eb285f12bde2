package io.leaksafe.testkit;

import io.leaksafe.handle.Action;
import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.internal.heap.GrowthCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether something that is done again and again leaves objects behind, and which.
 *
 * <pre>{@code
 * HeapGrowth growth = HeapCycle.of(() -> service.handle(order)).warmup(50).windows(3, 20).measure();
 * }</pre>
 *
 * <p>It runs the cycle in windows, and counts live objects by class after each. A class that has more after every window, then
 * after every window of twice the length again as many a cycle, and no more after windows in which nothing runs, grows. 64 bytes
 * that every tenth cycle leaves are found. Caches that are full, code that is compiled and classes that are loaded do not count,
 * and neither do used bytes. If something grows, two heap dumps in the temporary folder are compared, which are deleted then, to
 * say what holds it.
 *
 * <p>It looks at the whole heap. What other threads leave behind at the same speed is found as well, so run it alone: in JUnit,
 * with {@code @Isolated}. A cycle that hands work to other threads should wait for it.
 *
 * <p>Not found is what grows by doubling and refers to no objects, such as a {@code StringBuilder}, unless windows are longer
 * than it takes to double; and what takes more cycles than two windows have to leave something.
 *
 * <p>It needs HotSpot, and the modules {@code java.management} and {@code jdk.management}. Explicit collections may be switched
 * off. Not thread-safe.
 */
public final class HeapCycle {

  private static final int WARMUP = 50;
  private static final int WINDOWS = 3;
  private static final int CYCLES = 20;
  private static final int FEWEST_WINDOWS = 2;
  private static final int MOST_WINDOWS = 100;

  private final Action action;
  private @Nullable Integer warmup;
  private @Nullable Integer windows;
  private int cycles = CYCLES;

  private HeapCycle(Action action) {
    this.action = action;
  }

  /**
   * Begins with the cycle.
   *
   * @param cycle what is done again and again
   * @return settings: 50 cycles to warm up, then 3 windows of 20, unless others are set
   */
  public static HeapCycle of(Action cycle) {
    return new HeapCycle(Check.notNull(cycle, "cycle"));
  }

  /**
   * Sets how many cycles come first, and are not looked at: enough to fill caches and load classes.
   *
   * @param number zero or more; 50 if not set
   * @return this
   * @throws IllegalArgumentException if the number is negative
   * @throws IllegalStateException if it was set before
   */
  public HeapCycle warmup(int number) {
    if (warmup != null) {
      throw new IllegalStateException("warmup is set already, to " + warmup + " cycles.");
    }
    if (number < 0) {
      throw new IllegalArgumentException("warmup must be 0 cycles or more, was " + number + ".");
    }
    warmup = number;
    return this;
  }

  /**
   * Sets the windows. What leaves something behind in one of many cycles is found if it does so in every window; so windows
   * should have twice as many cycles.
   *
   * @param number          how many, from 2 to 100; 3 if not set. Each takes a collection of the whole heap
   * @param cyclesPerWindow how long they are, 1 or more; 20 if not set
   * @return this
   * @throws IllegalArgumentException if a number is out of range
   * @throws IllegalStateException if they were set before
   */
  public HeapCycle windows(int number, int cyclesPerWindow) {
    if (windows != null) {
      throw new IllegalStateException(
          "windows are set already, to " + windows + " of " + cycles + " cycles.");
    }
    if (number < FEWEST_WINDOWS || number > MOST_WINDOWS) {
      throw new IllegalArgumentException("There must be from 2 to 100 windows, was " + number
          + ". One alone cannot tell growth from chance.");
    }
    cycles = Check.positive(cyclesPerWindow, "cyclesPerWindow");
    windows = number;
    return this;
  }

  /**
   * Runs the cycles on this thread and looks at what they leave: all of the warm-up, then of the windows. If something may
   * grow, three times as many are run again, and twice a window more.
   *
   * @return what grows
   * @throws Exception what a cycle threw; it is the last one
   * @throws IllegalStateException if this JVM cannot look into its heap, with what is missing
   */
  public HeapGrowth measure() throws Exception {
    int number = windows == null ? WINDOWS : windows;
    List<HeapGrowth.Growing> growing = new GrowthCheck(
            action, warmup == null ? WARMUP : warmup, number, cycles)
        .run().stream()
            .map(one -> new HeapGrowth.Growing(
                one.name(), one.bytes(), one.instances(), one.container(), one.heldBy()))
            .toList();
    return new HeapGrowth(number, cycles, growing);
  }
}
