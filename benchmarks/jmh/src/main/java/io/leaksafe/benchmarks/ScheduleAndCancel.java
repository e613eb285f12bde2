package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TimerTask;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
 * Schedules a task and cancels it again, as a timeout does that is not needed, while others are pending.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar ScheduleAndCancel -t 2 -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-Xmn512m", "-XX:+AlwaysPreTouch"})
public class ScheduleAndCancel {

  private static final long SOONEST_SECONDS = 60;
  private static final long RANGE_SECONDS = 3_600;

  /** How many are pending. */
  @State(Scope.Benchmark)
  public static class Pending {
    @Param({"0", "10000", "1000000"})
    int pending;

    void fill(java.util.function.LongConsumer schedule) {
      Random random = new Random(1);
      for (int i = 0; i < pending; i++) {
        schedule.accept(SOONEST_SECONDS + RANGE_SECONDS + random.nextInt((int) RANGE_SECONDS));
      }
      System.gc(); // what has been pending for a while is old, and is not copied time and again
    }
  }

  /** The delays of one thread: between 1 min and 1 h. */
  @State(Scope.Thread)
  public static class Delays {
    private static final int COUNT = 1 << 10;

    private final Duration[] durations = new Duration[COUNT];
    private final long[] millis = new long[COUNT];
    private int next;

    @Setup
    public void make() {
      SplittableRandom random = new SplittableRandom(Thread.currentThread().getId());
      for (int i = 0; i < COUNT; i++) {
        millis[i] = TimeUnit.SECONDS.toMillis(SOONEST_SECONDS)
            + random.nextInt((int) TimeUnit.SECONDS.toMillis(RANGE_SECONDS));
        durations[i] = Duration.ofMillis(millis[i]);
      }
    }

    Duration duration() {
      return durations[next++ & COUNT - 1];
    }

    long millis() {
      return millis[next++ & COUNT - 1];
    }
  }

  private static final Action ACTION = () -> {};
  private static final Runnable TASK = () -> {};

  // ---- the floor

  /** What each must do at least: read the clock and make an object of the size of a handle. */
  public static final class Floor {
    final long due;
    final long openedAt;
    final Object action;
    Object a;
    Object b;
    Object c;

    Floor(long due, long openedAt, Object action) {
      this.due = due;
      this.openedAt = openedAt;
      this.action = action;
    }
  }

  @Benchmark
  public Object floor(Delays delays) {
    long now = System.nanoTime();
    return new Floor(now + delays.duration().toNanos(), now, ACTION);
  }

  // ---- ours

  /** A scheduler whose first hundred tasks, of which it records more, are over. */
  @State(Scope.Benchmark)
  public static class Ours {
    CleanupManager root;
    ManagedScheduler scheduler;
    ScheduledExecutorService executor;

    @Setup
    public void open(Pending pending) {
      root = CleanupManager.builder("root").warnAbove(Integer.MAX_VALUE).build();
      scheduler = ManagedScheduler.in(root, "timers");
      executor = ManagedScheduler.in(root, "executor").asScheduledExecutorService();
      for (int i = 0; i < 200; i++) {
        scheduler.after(Duration.ofHours(1), ACTION).close();
      }
      pending.fill(seconds -> scheduler.after(Duration.ofSeconds(seconds), ACTION));
    }

    @TearDown
    public void close() {
      root.close();
    }
  }

  @Benchmark
  public Object managedScheduler(Ours ours, Delays delays) {
    Handle<Action> handle = ours.scheduler.after(delays.duration(), ACTION);
    handle.close();
    return handle;
  }

  @Benchmark
  public Object managedExecutor(Ours ours, Delays delays) {
    ScheduledFuture<?> future =
        ours.executor.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS);
    future.cancel(false);
    return future;
  }

  // ---- peers

  /** The JDK's pool, with and without its switch for services that cancel. */
  @State(Scope.Benchmark)
  public static class Stpe {
    ScheduledThreadPoolExecutor pool;

    @Setup
    public void open(Pending pending) {
      pool = new ScheduledThreadPoolExecutor(1);
      pool.setRemoveOnCancelPolicy(true);
      pending.fill(seconds -> pool.schedule(TASK, seconds, TimeUnit.SECONDS));
    }

    @TearDown
    public void close() {
      pool.shutdownNow();
    }
  }

  @Benchmark
  public Object scheduledThreadPoolRemoveOnCancel(Stpe stpe, Delays delays) {
    ScheduledFuture<?> future = stpe.pool.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS);
    future.cancel(false);
    return future;
  }

  /** The JDK's pool as it comes; purged now and then, since it would keep all that was ever cancelled. */
  @State(Scope.Benchmark)
  public static class StpeAsItComes {
    ScheduledThreadPoolExecutor pool;

    @Setup
    public void open(Pending pending) {
      pool = new ScheduledThreadPoolExecutor(1);
      pending.fill(seconds -> pool.schedule(TASK, seconds, TimeUnit.SECONDS));
    }

    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void purge() {
      pool.purge();
    }

    @TearDown
    public void close() {
      pool.shutdownNow();
    }
  }

  @Benchmark
  public Object scheduledThreadPoolAsItComes(StpeAsItComes stpe, Delays delays) {
    ScheduledFuture<?> future = stpe.pool.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS);
    future.cancel(false);
    return future;
  }

  /** The JDK's oldest; purged now and then, for the same reason. */
  @State(Scope.Benchmark)
  public static class UtilTimer {
    java.util.Timer timer;

    @Setup
    public void open(Pending pending) {
      timer = new java.util.Timer(true);
      pending.fill(seconds -> timer.schedule(new Task(), TimeUnit.SECONDS.toMillis(seconds)));
    }

    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void purge() {
      timer.purge();
    }

    @TearDown
    public void close() {
      timer.cancel();
    }
  }

  private static final class Task extends TimerTask {
    @Override
    public void run() {}
  }

  @Benchmark
  public Object utilTimer(UtilTimer util, Delays delays) {
    Task task = new Task();
    util.timer.schedule(task, delays.millis());
    task.cancel();
    return task;
  }

  /** Netty's wheel, with a tick that is as late as ours never is, and with its own. */
  @State(Scope.Benchmark)
  public static class NettyWheel {
    @Param({"1", "100"})
    int tickMillis;

    HashedWheelTimer timer;

    @Setup
    public void open(Pending pending) {
      timer = new HashedWheelTimer(
          new io.netty.util.concurrent.DefaultThreadFactory("wheel", true),
          tickMillis,
          TimeUnit.MILLISECONDS,
          512);
      pending.fill(seconds -> timer.newTimeout(timeout -> {}, seconds, TimeUnit.SECONDS));
    }

    @TearDown
    public void close() {
      timer.stop();
    }
  }

  @Benchmark
  public Object nettyWheel(NettyWheel netty, Delays delays) {
    Timeout timeout = netty.timer.newTimeout(ignored -> {}, delays.millis(), TimeUnit.MILLISECONDS);
    timeout.cancel();
    return timeout;
  }

  /** The pool of JDK 25 and later, which schedules itself; on an older one this measures nothing. */
  @State(Scope.Benchmark)
  public static class ForkJoin {
    ForkJoinPool pool;
    ScheduledExecutorService scheduler;

    @Setup
    public void open(Pending pending) throws Throwable {
      pool = new ForkJoinPool(1);
      if (!ScheduledExecutorService.class.isInstance(pool)) {
        throw new UnsupportedOperationException(
            "This JDK's ForkJoinPool does not schedule; JDK 25's does.");
      }
      scheduler = ScheduledExecutorService.class.cast(pool);
      MethodHandle policy = MethodHandles.publicLookup()
          .findVirtual(
              ForkJoinPool.class,
              "cancelDelayedTasksOnShutdown",
              MethodType.methodType(void.class));
      policy.invoke(pool);
      pending.fill(seconds -> scheduler.schedule(TASK, seconds, TimeUnit.SECONDS));
    }

    @TearDown
    public void close() {
      pool.shutdownNow();
    }
  }

  @Benchmark
  public Object forkJoinPool(ForkJoin fork, Delays delays) {
    ScheduledFuture<?> future =
        fork.scheduler.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS);
    future.cancel(false);
    return future;
  }
}
