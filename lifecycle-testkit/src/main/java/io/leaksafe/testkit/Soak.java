package io.leaksafe.testkit;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.measure.Slope;
import io.leaksafe.internal.measure.ThisProcess;
import io.leaksafe.testkit.SoakReport.HeapSlope;
import io.leaksafe.testkit.internal.heap.LiveBytes;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Does something many times, and compares what is live in a scope before and after, with the threads and open files of the
 * process, and how the heap goes.
 *
 * <pre>{@code
 * SoakReport report = Soak.in(app).cycles(10_000, () -> service.handle(order));
 * }</pre>
 *
 * <p>It looks at the whole JVM, so run it alone: in JUnit, with {@code @Isolated}. The JVM takes some KB for itself now and then,
 * so let there be so many cycles that what you look for is more than that: ten thousand rather than one. For what a cycle leaves, and where, ask {@link
 * HeapCycle}.
 *
 * <p>It needs HotSpot, and the modules {@code java.management} and {@code jdk.management}. Not thread-safe.
 */
public final class Soak {

  private static final int SAMPLES = 10;
  private static final int FEWEST = 8;
  private static final int MOST = 1_000;

  private final Scope scope;
  private int warmup;
  private int samples = SAMPLES;

  private Soak(Scope scope) {
    this.scope = scope;
  }

  /**
   * Begins with the scope to look at.
   *
   * @param scope whose live handles are counted, with those below it
   * @return settings: a tenth of the cycles to warm up, and 10 samples of the heap, unless others are set
   */
  public static Soak in(Scope scope) {
    return new Soak(Check.notNull(scope, "scope"));
  }

  /**
   * Sets how many cycles come before all others and before the first count.
   *
   * @param cycles 1 or more; a tenth of the others if not set
   * @return this
   * @throws IllegalArgumentException if the number is less than 1
   */
  public Soak warmup(int cycles) {
    warmup = Check.positive(cycles, "warmup");
    return this;
  }

  /**
   * Sets how often the heap is looked at, which takes a collection each time.
   *
   * @param number from 8 to 1,000; 10 if not set
   * @return this
   * @throws IllegalArgumentException if the number is out of range
   */
  public Soak samples(int number) {
    if (number < FEWEST || number > MOST) {
      throw new IllegalArgumentException("samples must be from 8 to 1,000, was " + number
          + ". Fewer give no bound, and more cost more than they tell.");
    }
    samples = number;
    return this;
  }

  /**
   * Runs the cycles on this thread.
   *
   * @param number how many, besides the warm-up; not fewer than the samples
   * @param cycle  what is done in each
   * @return what was live before and after
   * @throws Exception what a cycle threw; it is the last one
   * @throws IllegalArgumentException if there are fewer cycles than samples
   * @throws IllegalStateException if this JVM cannot look into its heap, with what is missing
   */
  public SoakReport cycles(int number, Action cycle) throws Exception {
    Check.notNull(cycle, "cycle");
    if (number < samples) {
      throw new IllegalArgumentException("There must be as many cycles as samples of the heap, "
          + samples + ", or more; was " + number + ". Run more cycles, or set samples(..).");
    }
    run(warmup == 0 ? number / 10 + 1 : warmup, cycle);
    LiveBytes.count(); // the first one loads what it needs
    Map<Kind, Integer> handles = handles();
    OptionalLong files = files();
    Map<Long, String> threads = threads();
    HeapSlope heap = slope(number, cycle);
    Map<Long, String> threadsAfter = threads();
    List<String> newThreads = threadsAfter.entrySet().stream()
        .filter(thread -> !threads.containsKey(thread.getKey()))
        .map(Map.Entry::getValue)
        .toList();
    return new SoakReport(
        scope.name(),
        number,
        handles,
        handles(),
        threads.size(),
        threadsAfter.size(),
        newThreads,
        files,
        files(),
        heap);
  }

  private HeapSlope slope(int number, Action cycle) throws Exception {
    long[] at = new long[samples];
    double[] bytes = new double[samples];
    int done = 0;
    for (int i = 0; i < samples; i++) {
      int until = (int) ((i + 1L) * number / samples);
      run(until - done, cycle);
      done = until;
      at[i] = done;
      bytes[i] = LiveBytes.count();
    }
    Slope slope = Slope.of(at, bytes, samples);
    return new HeapSlope(slope.median(), slope.low(), slope.high(), samples);
  }

  private static void run(int number, Action cycle) throws Exception {
    for (int i = 0; i < number; i++) {
      cycle.run();
    }
  }

  private Map<Kind, Integer> handles() {
    Map<Kind, Integer> byKind = new EnumMap<>(Kind.class);
    for (HandleInfo handle : scope.handles()) {
      byKind.merge(handle.kind(), 1, Integer::sum);
    }
    return byKind;
  }

  private static Map<Long, String> threads() {
    Map<Long, String> names = new LinkedHashMap<>();
    ThisProcess.eachThread(thread -> names.put(thread.getId(), thread.getName()));
    return names;
  }

  private static OptionalLong files() {
    long files = ThisProcess.openFiles();
    return files == ThisProcess.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(files);
  }
}
