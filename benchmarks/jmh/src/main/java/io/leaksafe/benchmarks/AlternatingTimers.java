package io.leaksafe.benchmarks;

import io.leaksafe.benchmarks.Alternating.Subject;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.timeout.Timeouts;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;

/** What {@link Alternating} compares: each schedules and cancels in a loop of its own, or puts limits on results. */
final class AlternatingTimers {

  private static final int DELAYS = 1 << 10;
  private static final int PLACES = 1 << 10;
  private static final int APART = 16;
  private static final int SOONEST_MILLIS = 60_000;
  private static final int RANGE_MILLIS = 3_600_000;
  private static final Action ACTION = () -> {};
  private static final Runnable TASK = () -> {};
  private static final Object VALUE = new Object();
  private static final Exception FAILURE = new Exception("reset", null, false, false) {};
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** As the pool of JDK 25 and later does. */
  private static final boolean SCHEDULES =
      ScheduledExecutorService.class.isAssignableFrom(ForkJoinPool.class);

  private static final long[] MILLIS = new long[DELAYS];
  private static final Duration[] DURATIONS = new Duration[DELAYS];

  static {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < DELAYS; i++) {
      MILLIS[i] = SOONEST_MILLIS + random.nextInt(RANGE_MILLIS);
      DURATIONS[i] = Duration.ofMillis(MILLIS[i]);
    }
  }

  private AlternatingTimers() {}

  static List<String> peersOf(String row) {
    return switch (row) {
      case "schedule", "elsewhere" ->
        SCHEDULES ? List.of("netty", "stpe", "fork-join") : List.of("netty", "stpe");
      case "later", "fails", "done" -> List.of("orTimeout");
      default ->
        throw new IllegalArgumentException(
            "No row is called '" + row + "'; there are schedule, elsewhere, later, fails, done.");
    };
  }

  static Subject open(String row, String name, int pending) {
    boolean elsewhere = row.equals("elsewhere");
    return switch (name) {
      case "ours" ->
        switch (row) {
          case "later", "fails", "done" -> new Within(row);
          default -> new Ours(elsewhere, pending);
        };
      case "orTimeout" -> new OrTimeout(row);
      case "netty" -> new Netty(elsewhere, pending);
      case "stpe" -> Pool.stpe(elsewhere, pending);
      default -> Pool.forkJoin(elsewhere, pending);
    };
  }

  private static void fill(int pending, LongConsumer schedule) {
    Random random = new Random(1);
    for (int i = 0; i < pending; i++) {
      schedule.accept(3_660 + random.nextInt(3_600));
    }
  }

  /** Where what one thread made waits for the other: each takes what is there and leaves what it made. */
  private abstract static class Scheduling implements Subject {
    final boolean elsewhere;
    final AtomicReferenceArray<Object> places = new AtomicReferenceArray<>(PLACES * APART);
    final int[] nexts = new int[64 * APART];

    Scheduling(boolean elsewhere) {
      this.elsewhere = elsewhere;
      for (int i = 0; i < 64; i++) {
        nexts[i * APART] = i * PLACES / 2;
      }
    }

    @Override
    public final void run(int thread, int operations) {
      int next = nexts[thread * APART];
      if (elsewhere) {
        pass(next, operations);
      } else {
        own(next, operations);
      }
      nexts[thread * APART] = next + operations;
    }

    abstract void own(int next, int operations);

    abstract void pass(int next, int operations);

    final Object exchange(int next, Object mine) {
      return places.getAndSet((next & PLACES - 1) * APART, mine);
    }
  }

  private static final class Ours extends Scheduling {
    final CleanupManager root =
        CleanupManager.builder("root").warnAbove(Integer.MAX_VALUE).build();
    final ManagedScheduler timers = ManagedScheduler.in(root, "timers");

    Ours(boolean elsewhere, int pending) {
      super(elsewhere);
      fill(200, seconds -> timers.after(Duration.ofSeconds(seconds), ACTION).close());
      fill(pending, seconds -> timers.after(Duration.ofSeconds(seconds), ACTION));
    }

    @Override
    public String title() {
      return "ManagedScheduler";
    }

    @Override
    public String threads() {
      return "root-";
    }

    @Override
    void own(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        timers.after(DURATIONS[i & DELAYS - 1], ACTION).close();
      }
    }

    @Override
    void pass(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        Object theirs = exchange(i, timers.after(DURATIONS[i & DELAYS - 1], ACTION));
        if (theirs != null) {
          ((Handle<?>) theirs).close();
        }
      }
    }

    @Override
    public void close() {
      root.close();
    }
  }

  private static final class Netty extends Scheduling {
    final HashedWheelTimer timer = new HashedWheelTimer(
        new io.netty.util.concurrent.DefaultThreadFactory("wheel", true),
        1,
        TimeUnit.MILLISECONDS,
        512);

    Netty(boolean elsewhere, int pending) {
      super(elsewhere);
      fill(pending, seconds -> timer.newTimeout(timeout -> {}, seconds, TimeUnit.SECONDS));
    }

    @Override
    public String title() {
      return "HashedWheelTimer, 1 ms";
    }

    @Override
    public String threads() {
      return "wheel";
    }

    @Override
    void own(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        timer
            .newTimeout(timeout -> {}, MILLIS[i & DELAYS - 1], TimeUnit.MILLISECONDS)
            .cancel();
      }
    }

    @Override
    void pass(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        Object mine =
            timer.newTimeout(timeout -> {}, MILLIS[i & DELAYS - 1], TimeUnit.MILLISECONDS);
        Object theirs = exchange(i, mine);
        if (theirs != null) {
          ((Timeout) theirs).cancel();
        }
      }
    }

    @Override
    public void close() {
      timer.stop();
    }
  }

  /**
   * A pool of the JDK. Both have this loop, and are named one after the other, so the second finds it compiled for two
   * kinds.
   */
  private static final class Pool extends Scheduling {
    final String title;
    final String threads;
    final ScheduledExecutorService pool;

    private Pool(
        String title,
        String threads,
        ScheduledExecutorService pool,
        boolean elsewhere,
        int pending) {
      super(elsewhere);
      this.title = title;
      this.threads = threads;
      this.pool = pool;
      fill(pending, seconds -> pool.schedule(TASK, seconds, TimeUnit.SECONDS));
    }

    static Pool stpe(boolean elsewhere, int pending) {
      ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
      pool.setRemoveOnCancelPolicy(true);
      return new Pool("ScheduledThreadPoolExecutor", "pool-", pool, elsewhere, pending);
    }

    /** The pool of JDK 25 and later. */
    static Pool forkJoin(boolean elsewhere, int pending) {
      ScheduledExecutorService pool = ScheduledExecutorService.class.cast(new ForkJoinPool(1));
      return new Pool("ForkJoinPool", "ForkJoinPool-", pool, elsewhere, pending);
    }

    @Override
    public String title() {
      return title;
    }

    @Override
    public String threads() {
      return threads;
    }

    @Override
    void own(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        pool.schedule(TASK, MILLIS[i & DELAYS - 1], TimeUnit.MILLISECONDS).cancel(false);
      }
    }

    @Override
    void pass(int next, int operations) {
      for (int i = next; i < next + operations; i++) {
        Object mine = pool.schedule(TASK, MILLIS[i & DELAYS - 1], TimeUnit.MILLISECONDS);
        Object theirs = exchange(i, mine);
        if (theirs != null) {
          ((Future<?>) theirs).cancel(false);
        }
      }
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  // ---- limits

  private static final class Within implements Subject {
    final String row;
    final CleanupManager root = CleanupManager.create("root");
    Object last;

    Within(String row) {
      this.row = row;
    }

    @Override
    public String title() {
      return "Timeouts.within";
    }

    @Override
    public String threads() {
      return "root-";
    }

    @Override
    public void run(int thread, int operations) {
      switch (row) {
        case "later" -> later(operations);
        case "fails" -> fails(operations);
        default -> done(operations);
      }
    }

    private void later(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        last = Timeouts.within(root, LIMIT, () -> source);
        source.complete(VALUE);
      }
    }

    private void fails(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        last = Timeouts.within(root, LIMIT, () -> source);
        source.completeExceptionally(FAILURE);
      }
    }

    private void done(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        source.complete(VALUE);
        last = Timeouts.within(root, LIMIT, () -> source);
      }
    }

    @Override
    public void close() {
      root.close();
    }
  }

  private static final class OrTimeout implements Subject {
    final String row;
    Object last;

    OrTimeout(String row) {
      this.row = row;
    }

    @Override
    public String title() {
      return "CompletableFuture.orTimeout";
    }

    @Override
    public String threads() {
      return SCHEDULES ? "ForkJoinPool.commonPool" : "CompletableFutureDelayScheduler";
    }

    @Override
    public void run(int thread, int operations) {
      switch (row) {
        case "later" -> later(operations);
        case "fails" -> fails(operations);
        default -> done(operations);
      }
    }

    private void later(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        last = source.orTimeout(30, TimeUnit.SECONDS);
        source.complete(VALUE);
      }
    }

    private void fails(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        last = source.orTimeout(30, TimeUnit.SECONDS);
        source.completeExceptionally(FAILURE);
      }
    }

    private void done(int operations) {
      for (int i = 0; i < operations; i++) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        source.complete(VALUE);
        last = source.orTimeout(30, TimeUnit.SECONDS);
      }
    }

    @Override
    public void close() {}
  }
}
