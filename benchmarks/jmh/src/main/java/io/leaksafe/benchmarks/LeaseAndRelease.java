package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to have a value kept open while it is used, beside reading one that is not.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar LeaseAndRelease -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Benchmark)
public class LeaseAndRelease {

  private static final int KEYS = 1 << 10;

  private final Long[] keys = new Long[KEYS];
  private CleanupManager root;
  private LeasedMap<Long, Object> leased;
  private BoundedMap<Long, Object> plain;

  /** Where a thread is. */
  @State(Scope.Thread)
  public static class Place {
    int next;
  }

  @Setup
  public void open() {
    root = CleanupManager.create("root");
    leased =
        BoundedMap.<Long, Object>in(root, "leased").maximumSize(2 * KEYS).buildLeased(value -> {});
    plain = BoundedMap.<Long, Object>in(root, "plain").maximumSize(2 * KEYS).build();
    for (int i = 0; i < KEYS; i++) {
      keys[i] = MapOperations.scattered(i);
      leased.put(keys[i], keys[i]);
      plain.put(keys[i], keys[i]);
    }
  }

  @TearDown
  public void close() {
    root.close();
  }

  @Benchmark
  public Object leaseUseRelease(Place place) {
    try (Handle<Object> lease = leased.lease(keys[place.next++ & KEYS - 1]).orElseThrow()) {
      return lease.get();
    }
  }

  @Benchmark
  public Object getForComparison(Place place) {
    return plain.get(keys[place.next++ & KEYS - 1]);
  }
}
