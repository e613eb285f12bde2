package io.leaksafe.benchmarks;

import com.google.common.io.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Tracking;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.io.Closeable;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opens one thing and closes it again, while 10,000 others stay open: what each handle costs, and what else could have been
 * used for the same.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar RegisterAndClose -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class RegisterAndClose {

  private static final Object RESOURCE = new Object();

  // ---- ours

  /** A scope with many live handles, at each level of tracking. */
  @State(Scope.Benchmark)
  public static class Ours {
    @Param({"SIMPLE", "DISABLED", "ADVANCED", "PARANOID"})
    Tracking tracking;

    Live live;

    @Setup
    public void open() {
      live = new Live(tracking);
    }

    @TearDown
    public void close() {
      live.root.close();
    }
  }

  @Benchmark
  public Object scope(Ours ours) {
    Handle<Object> handle = ours.live.scope.register("resource", RESOURCE, Live.NOTHING);
    handle.close();
    return handle;
  }

  /** The same with names that differ, as where a connection is named after its peer. */
  @State(Scope.Thread)
  public static class Names {
    private static final int COUNT = 1_024;

    private final String[] names = new String[COUNT];
    private int next;

    @Setup
    public void make() {
      for (int i = 0; i < COUNT; i++) {
        names[i] = "resource-" + i;
      }
    }

    String next() {
      return names[next++ & COUNT - 1];
    }
  }

  /** {@link Ours} at the default level. */
  @State(Scope.Benchmark)
  public static class OursSimple {
    Live live;

    @Setup
    public void open() {
      live = new Live(Tracking.SIMPLE);
    }

    @TearDown
    public void close() {
      live.root.close();
    }
  }

  @Benchmark
  public Object scopeWithDistinctNames(OursSimple ours, Names names) {
    Handle<Object> handle = ours.live.scope.register(names.next(), RESOURCE, Live.NOTHING);
    handle.close();
    return handle;
  }

  // ---- peers

  /** The least that any of them does: reads the clock and makes an object of the size of ours. */
  @Benchmark
  public Object floor() {
    return new Floor(System.nanoTime());
  }

  /** 56 bytes, as a handle. */
  static final class Floor {
    final long openedAt;
    @SuppressWarnings("unused")
    Object a, b, c, d, e, f, g;
    int bits;

    Floor(long openedAt) {
      this.openedAt = openedAt;
    }
  }

  /** The JDK's cleaner: closes what became unreachable; knows no owner, no order and no name. */
  @State(Scope.Benchmark)
  public static class JdkCleaner {
    final Cleaner cleaner = Cleaner.create();
    final List<Object> live = new ArrayList<>();

    @Setup
    public void open() {
      for (int i = 0; i < Live.HANDLES; i++) {
        Object resource = new Object();
        live.add(resource);
        cleaner.register(resource, JdkCleaner::nothing);
      }
    }

    static void nothing() {}
  }

  @Benchmark
  public Object jdkCleaner(JdkCleaner state) {
    Cleaner.Cleanable handle = state.cleaner.register(RESOURCE, JdkCleaner::nothing);
    handle.clean();
    return handle;
  }

  /**
   * Guava's closer: it cannot take anything out again, so this is its {@code register} alone, and its list grows until the
   * closer is replaced after 10,000.
   */
  @State(Scope.Thread)
  public static class GuavaCloser {
    Closer closer = Closer.create();
    int registered;

    Closer next() {
      if (++registered > Live.HANDLES) {
        closer = Closer.create();
        registered = 0;
      }
      return closer;
    }
  }

  private static final Closeable CLOSEABLE = () -> {};

  @Benchmark
  public Object guavaCloserRegisterOnly(GuavaCloser state) {
    return state.next().register(CLOSEABLE);
  }

  /** Netty's leak detector: reports what was collected unclosed. PARANOID tracks all with stacks, SIMPLE one in 128. */
  @State(Scope.Benchmark)
  public static class Netty {
    @Param({"SIMPLE", "PARANOID"})
    ResourceLeakDetector.Level level;

    private ResourceLeakDetector<Object> detector;

    @Setup
    public void open() {
      ResourceLeakDetector.setLevel(level);
      detector = new ResourceLeakDetector<>(Object.class, 128);
    }
  }

  @Benchmark
  public Object nettyLeakDetector(Netty state) {
    ResourceLeakTracker<Object> handle = state.detector.track(RESOURCE);
    if (handle != null) {
      handle.close(RESOURCE);
    }
    return handle;
  }

  /** A concurrent set of what is open, the usual hand-made register: it knows no order, no name, no time and no thread. */
  @State(Scope.Benchmark)
  public static class ConcurrentSet {
    final Set<Entry> open = ConcurrentHashMap.newKeySet();

    @Setup
    public void open() {
      for (int i = 0; i < Live.HANDLES; i++) {
        open.add(new Entry(RESOURCE));
      }
    }
  }

  /** What is put into the set: equal to itself alone. */
  static final class Entry {
    final Object resource;

    Entry(Object resource) {
      this.resource = resource;
    }
  }

  @Benchmark
  public Object concurrentSet(ConcurrentSet state) {
    Entry handle = new Entry(RESOURCE);
    state.open.add(handle);
    state.open.remove(handle);
    return handle;
  }
}
