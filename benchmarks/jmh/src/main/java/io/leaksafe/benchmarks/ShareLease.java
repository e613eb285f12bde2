package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.share.SharedByKey;
import io.leaksafe.share.SharedResource;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.concurrent.ConcurrentHashMap;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Takes a lease on something that is open and gives it back, beside counts of references made by hand and by Netty.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar ShareLease -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class ShareLease {

  private static final Object RESOURCE = new Object();
  private static final String KEY = "endpoint";

  private CleanupManager root;
  private SharedResource<Object> share;
  private SharedByKey<String, Object> byKey;
  private final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();
  private ReferenceCounted counted;

  @Setup
  public void open() throws Exception {
    root = CleanupManager.builder("root").warnAbove(1_000_000).build();
    share = SharedResource.in(root, "share", () -> RESOURCE, Live.NOTHING);
    share.acquire(root);
    byKey = SharedByKey.in(root, "shares", key -> RESOURCE, Live.NOTHING);
    byKey.acquire(KEY, root);
    counts.put(KEY, 1);
    counted = new AbstractReferenceCounted() {
      @Override
      protected void deallocate() {}

      @Override
      public ReferenceCounted touch(Object hint) {
        return this;
      }
    };
  }

  @TearDown
  public void close() {
    root.close();
  }

  @Benchmark
  public Object shared() throws Exception {
    Handle<Object> lease = share.acquire(root);
    lease.close();
    return lease;
  }

  @Benchmark
  @Threads(2)
  public Object sharedByTwo() throws Exception {
    return shared();
  }

  @Benchmark
  public Object sharedByKey() throws Exception {
    Handle<Object> lease = byKey.acquire(KEY, root);
    lease.close();
    return lease;
  }

  /** One handle, for comparison: a lease is one, and a count. */
  @Benchmark
  public Object handle() {
    Handle<Object> handle = root.register("handle", RESOURCE, Live.NOTHING);
    handle.close();
    return handle;
  }

  /** The usual hand-made count by key, which knows no holder. */
  @Benchmark
  public Object concurrentHashMapCount() {
    counts.merge(KEY, 1, Integer::sum);
    return counts.computeIfPresent(KEY, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Netty's count of references, which knows no holder either. */
  @Benchmark
  public boolean nettyReferenceCount() {
    return counted.retain().release();
  }
}
