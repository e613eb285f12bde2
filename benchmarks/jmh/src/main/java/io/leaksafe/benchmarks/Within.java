package io.leaksafe.benchmarks;

import com.google.common.util.concurrent.FluentFuture;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.timeout.Timeouts;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Puts a limit of 30 s on a result that ends long before it, as nearly all do. The source is made by each of them; Guava's is
 * its own kind.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar io.leaksafe.benchmarks.Within -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class Within {

  /** How the source ends. */
  public enum End {
    COMPLETES_LATER,
    FAILS,
    ALREADY_DONE
  }

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Object VALUE = new Object();
  private static final Exception FAILURE = new Exception("reset", null, false, false) {};
  private static final Executor HERE = Runnable::run;

  @Param
  End end;

  // ---- ours

  private CleanupManager root;

  @Setup(Level.Iteration)
  public void open() {
    root = CleanupManager.create("root");
  }

  @TearDown(Level.Iteration)
  public void close() {
    root.close();
  }

  private CompletableFuture<Object> newSource() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    if (end == End.ALREADY_DONE) {
      source.complete(VALUE);
    }
    return source;
  }

  private void end(CompletableFuture<Object> source) {
    if (end == End.COMPLETES_LATER) {
      source.complete(VALUE);
    } else if (end == End.FAILS) {
      source.completeExceptionally(FAILURE);
    }
  }

  @Benchmark
  public Object within() {
    CompletableFuture<Object> source = newSource();
    CompletableFuture<Object> result = Timeouts.within(root, LIMIT, () -> source);
    end(source);
    return result;
  }

  // ---- peers

  /** The least: a source, and something that is told of its end. It has no timer. */
  @Benchmark
  public Object floor() {
    CompletableFuture<Object> source = newSource();
    CompletableFuture<Object> result = source.handle((value, failure) -> value);
    end(source);
    return result;
  }

  /** The JDK's: the source is the result, which has no owner, no name, and whose cancellation reaches nothing else. */
  @Benchmark
  public Object orTimeout() {
    CompletableFuture<Object> source = newSource();
    CompletableFuture<Object> result = source.orTimeout(30, TimeUnit.SECONDS);
    end(source);
    return result;
  }

  /** As ours, a result beside its source. */
  @Benchmark
  public Object orTimeoutOfACopy() {
    CompletableFuture<Object> source = newSource();
    CompletableFuture<Object> result = source.copy().orTimeout(30, TimeUnit.SECONDS);
    end(source);
    return result;
  }

  /** Guava's, with a scheduler that forgets what is cancelled, which is not its default. */
  @State(Scope.Thread)
  public static class Guava {
    private ScheduledThreadPoolExecutor scheduler;

    @Setup(Level.Iteration)
    public void open() {
      scheduler = new ScheduledThreadPoolExecutor(1);
      scheduler.setRemoveOnCancelPolicy(true);
    }

    @TearDown(Level.Iteration)
    public void close() {
      scheduler.shutdownNow();
    }
  }

  @Benchmark
  public Object guavaWithTimeout(Guava state) {
    SettableFuture<Object> source = SettableFuture.create();
    if (end == End.ALREADY_DONE) {
      source.set(VALUE);
    }
    ListenableFuture<Object> result = FluentFuture.from(source).withTimeout(LIMIT, state.scheduler);
    if (end == End.COMPLETES_LATER) {
      source.set(VALUE);
    } else if (end == End.FAILS) {
      source.setException(FAILURE);
    }
    return result;
  }

  /** Failsafe's, which begins the call on an executor; here on the caller's thread. */
  @State(Scope.Thread)
  public static class FailsafeTimeout {
    private final FailsafeExecutor<Object> executor = Failsafe.with(
            dev.failsafe.Timeout.<Object>of(LIMIT))
        .with(Executors.newScheduledThreadPool(0))
        .with(HERE);
  }

  @Benchmark
  public Object failsafe(FailsafeTimeout state) {
    CompletableFuture<Object> source = newSource();
    CompletableFuture<Object> result = state.executor.getStageAsync(() -> source);
    end(source);
    return result;
  }
}
