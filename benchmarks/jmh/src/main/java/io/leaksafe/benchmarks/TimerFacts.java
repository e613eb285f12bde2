package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what is not a time per operation: how long a million tasks that are due at once take, how late a task is, what a run of
 * a periodic task costs, how soon tasks that block begin, what a pending task takes of the heap and what a cancelled one leaves there, how often an idle timer
 * thread wakes up, and how long it takes to shut down with a million pending.
 *
 * <pre>{@code
 * java -Xms3g -Xmx3g -Xmn1g -XX:+AlwaysPreTouch -cp benchmarks/jmh/target/benchmarks.jar io.leaksafe.benchmarks.TimerFacts
 * }</pre>
 */
public final class TimerFacts {

  private static final int MILLION = 1_000_000;
  private static final Action ACTION = () -> {};
  private static final int ROUNDS = 5;

  private TimerFacts() {}

  /** Something that has a task run once. */
  private interface Peer extends AutoCloseable {
    Object schedule(Runnable task, long nanos);

    void cancel(Object timer);

    /** Has a task run at a fixed rate; false if it cannot. */
    default boolean repeat(String key, Runnable task, Duration period) {
      return false;
    }

    @Override
    void close();
  }

  private static final class Ours implements Peer {
    final CleanupManager root =
        CleanupManager.builder("root").warnAbove(Integer.MAX_VALUE).build();
    final ManagedScheduler timers = ManagedScheduler.in(root, "timers");
    private Runnable runnable;
    private Action action;

    Ours() {
      for (int i = 0; i < 200; i++) { // of the first hundred more is recorded
        timers.after(Duration.ofHours(1), ACTION).close();
      }
    }

    @Override
    public Object schedule(Runnable task, long nanos) {
      if (task
          != runnable) { // each peer has its own type; it is not to be made anew for each timer
        runnable = task;
        action = task::run;
      }
      return timers.after(Duration.ofNanos(nanos), action);
    }

    @Override
    public void cancel(Object timer) {
      ((Handle<?>) timer).close();
    }

    @Override
    public boolean repeat(String key, Runnable task, Duration period) {
      timers.everyAtFixedRate(key, period, task::run);
      return true;
    }

    @Override
    public void close() {
      root.close();
    }
  }

  private static class Jdk implements Peer {
    final ScheduledExecutorService pool;

    Jdk(ScheduledExecutorService pool) {
      this.pool = pool;
    }

    static Jdk pool() {
      ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
      pool.setRemoveOnCancelPolicy(true);
      return new Jdk(pool);
    }

    @Override
    public Object schedule(Runnable task, long nanos) {
      return pool.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel(Object timer) {
      ((Future<?>) timer).cancel(false);
    }

    @Override
    public boolean repeat(String key, Runnable task, Duration period) {
      ScheduledFuture<?> periodic =
          pool.scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
      return !periodic.isDone();
    }

    @Override
    public void close() {
      pool.shutdownNow();
      awaitEnd();
    }

    final void awaitEnd() {
      try {
        pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Netty implements Peer {
    final HashedWheelTimer wheel = new HashedWheelTimer(
        new DefaultThreadFactory("wheel", true), 1, TimeUnit.MILLISECONDS, 512);
    private Runnable runnable;
    private io.netty.util.TimerTask timerTask;

    @Override
    public Object schedule(Runnable task, long nanos) {
      if (task != runnable) {
        runnable = task;
        timerTask = timeout -> task.run();
      }
      return wheel.newTimeout(timerTask, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel(Object timer) {
      ((io.netty.util.Timeout) timer).cancel();
    }

    @Override
    public void close() {
      wheel.stop();
    }
  }

  private enum Kind {
    OURS("ManagedScheduler") {
      @Override
      Peer open() {
        return new Ours();
      }
    },
    STPE("ScheduledThreadPoolExecutor, removeOnCancel") {
      @Override
      Peer open() {
        return Jdk.pool();
      }
    },
    STPE_AS_IT_COMES("ScheduledThreadPoolExecutor") {
      @Override
      Peer open() {
        return new Jdk(new ScheduledThreadPoolExecutor(1));
      }
    },
    NETTY("HashedWheelTimer, 1 ms") {
      @Override
      Peer open() {
        return new Netty();
      }
    },
    FORK_JOIN("ForkJoinPool of JDK 25") {
      @Override
      Peer open() {
        return new Jdk(ScheduledExecutorService.class.cast(new ForkJoinPool(1)));
      }
    };

    final String title;

    Kind(String title) {
      this.title = title;
    }

    abstract Peer open();

    boolean isThere() {
      return this != FORK_JOIN
          || ScheduledExecutorService.class.isAssignableFrom(ForkJoinPool.class);
    }
  }

  /** Prints all facts of all peers, or those whose names are given: of {@code fire late periodic block heap idle close}. */
  public static void main(String[] args) throws Exception {
    System.out.println(
        Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    for (String fact : args.length == 0
        ? new String[] {"fire", "late", "periodic", "block", "heap", "idle", "close"}
        : args) {
      for (Kind kind : Kind.values()) {
        if (kind.isThere()) {
          print(fact, kind);
        }
      }
    }
  }

  private static void print(String fact, Kind kind) throws Exception {
    switch (fact) {
      case "fire" ->
        System.out.printf("%-46s 1M due at once   %s ms%n", kind.title, rounds(() -> fire(kind)));
      case "late" -> late(kind);
      case "periodic" -> periodic(kind);
      case "block" -> block(kind);
      case "heap" -> heap(kind);
      case "idle" -> idle(kind);
      case "close" ->
        System.out.printf("%-46s close, 1M pending %s ms%n", kind.title, rounds(() -> close(kind)));
      default ->
        throw new IllegalArgumentException("No fact is called '" + fact
            + "'; there are fire, late, periodic, block, heap, idle, close.");
    }
  }

  /** A measurement in nanoseconds. */
  private interface Measured {
    long nanos() throws Exception;
  }

  private static String rounds(Measured measured) throws Exception {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      nanos[i] = measured.nanos();
    }
    Arrays.sort(nanos);
    return String.format(
        "median %.0f, best %.0f, worst %.0f",
        nanos[ROUNDS / 2] / 1e6, nanos[0] / 1e6, nanos[ROUNDS - 1] / 1e6);
  }

  /** From the moment when the last of a million is due until all have run; they are due within 1 ms, in no order. */
  private static long fire(Kind kind) {
    AtomicInteger ran = new AtomicInteger();
    AtomicLong last = new AtomicLong();
    Random random = new Random(1);
    try (Peer peer = kind.open()) {
      long due = System.nanoTime() + 3_000_000_000L;
      Runnable task = () -> {
        if (ran.incrementAndGet() == MILLION) {
          last.set(System.nanoTime());
        }
      };
      for (int i = 0; i < MILLION; i++) {
        peer.schedule(task, due - random.nextInt(1_000_000) - System.nanoTime());
      }
      if (System.nanoTime() - due > 0) {
        throw new IllegalStateException("It took longer than 3 s to schedule a million.");
      }
      while (last.get() == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      return last.get() - due;
    }
  }

  private static void late(Kind kind) {
    int count = 4_000;
    long[] late = new long[count];
    AtomicInteger ran = new AtomicInteger();
    Random random = new Random(1);
    try (Peer peer = kind.open()) {
      for (int i = -500; i < count; i++) {
        int at = i;
        long delay = 500_000 + random.nextInt(1_000_000);
        long due = System.nanoTime() + delay;
        peer.schedule(
            () -> {
              long now = System.nanoTime();
              if (at >= 0) {
                late[at] = now - due;
              }
              ran.incrementAndGet();
            },
            delay);
        while (ran.get() < at + 501) {
          LockSupport.parkNanos(50_000);
        }
      }
    }
    Arrays.sort(late);
    System.out.printf(
        "%-46s late by          min %.0f, p50 %.0f, p99 %.0f us%n",
        kind.title, late[0] / 1e3, late[count / 2] / 1e3, late[count * 99 / 100] / 1e3);
  }

  /**
   * A thousand tasks that run every 10 ms, evenly spread over these, for 3 s: the processor time of the whole JVM for each run.
   */
  private static void periodic(Kind kind) {
    int tasks = 1_000;
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    AtomicInteger runs = new AtomicInteger();
    try (Peer peer = kind.open()) {
      boolean repeats = true;
      long start = System.nanoTime();
      for (int i = 0; i < tasks && repeats; i++) {
        while (System.nanoTime() - start
            < i * 110_000L) { // in 110 ms, so each in a phase of its own
          Thread.onSpinWait();
        }
        repeats = peer.repeat("task-" + i, runs::incrementAndGet, Duration.ofMillis(10));
      }
      if (!repeats) {
        return;
      }
      LockSupport.parkNanos(2_000_000_000L); // until it is compiled
      long before = system.getProcessCpuTime();
      int ranBefore = runs.get();
      LockSupport.parkNanos(3_000_000_000L);
      long cpu = system.getProcessCpuTime() - before;
      int ran = runs.get() - ranBefore;
      System.out.printf(
          "%-46s periodic, 1,000 each 10 ms: %,d of 300,000 runs in 3 s, %d ns of processor time a run%n",
          kind.title, ran, cpu / Math.max(1, ran));
    }
  }

  /** A thousand tasks that are due at once and wait 50 ms each: when the last has begun, and what that takes of processor time. */
  private static void block(Kind kind) throws Exception {
    if (kind != Kind.OURS) { // the others have one thread here, or as many as they are told to have
      return;
    }
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long[] cpu = new long[ROUNDS];
    int[] round = new int[1];
    String times = rounds(() -> {
      long before = system.getProcessCpuTime();
      long nanos = lastBegun(kind);
      cpu[round[0]++] = system.getProcessCpuTime() - before;
      return nanos;
    });
    Arrays.sort(cpu);
    System.out.printf(
        "%-46s 1,000 of 50 ms   last begun after %s ms, %.0f us of processor time for each%n",
        kind.title, times, cpu[ROUNDS / 2] / 1e6);
  }

  private static long lastBegun(Kind kind) throws InterruptedException {
    int tasks = 1_000;
    CountDownLatch left = new CountDownLatch(tasks);
    AtomicLong last = new AtomicLong();
    try (Peer peer = kind.open()) {
      long due = System.nanoTime() + 100_000_000;
      Runnable task = () -> {
        last.accumulateAndGet(System.nanoTime() - due, Math::max);
        LockSupport.parkNanos(50_000_000);
        left.countDown();
      };
      for (int i = 0; i < tasks; i++) {
        peer.schedule(task, due - System.nanoTime());
      }
      left.await();
      return last.get();
    }
  }

  private static void heap(Kind kind) {
    Object[] handles = new Object[MILLION];
    try (Peer peer = kind.open()) {
      Runnable task = () -> {};
      for (int i = 0; i < 100; i++) {
        peer.cancel(peer.schedule(task, TimeUnit.HOURS.toNanos(1)));
      }
      Random random = new Random(1);
      used(); // to ask for the first time makes objects that stay
      long before = used();
      for (int i = 0; i < MILLION; i++) {
        handles[i] = peer.schedule(task, TimeUnit.SECONDS.toNanos(3_600 + random.nextInt(3_600)));
      }
      long pending = used() - before;
      for (Object handle : handles) {
        peer.cancel(handle);
      }
      long cancelled = used() - before;
      Arrays.fill(handles, null);
      long dropped = used() - before;
      Reference.reachabilityFence(handles); // or its own memory is not counted any more
      System.out.printf(
          "%-46s heap             %.1f B pending, %.1f B cancelled with the handle kept, %d KiB in all without handles%n",
          kind.title, pending / 1e6, cancelled / 1e6, dropped >> 10);
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return usage.getUsed();
  }

  private static void idle(Kind kind) throws Exception {
    try (Peer peer = kind.open()) {
      Random random = new Random(1);
      for (int i = 0; i < 10_000; i++) {
        peer.schedule(() -> {}, TimeUnit.SECONDS.toNanos(3_600 + random.nextInt(3_600)));
      }
      LockSupport.parkNanos(10_000_000_000L); // until workers that have nothing to do have ended
      long before = switches();
      LockSupport.parkNanos(10_000_000_000L);
      System.out.printf(
          "%-46s idle, 10k pending %d context switches of all its threads in 10 s%n",
          kind.title, switches() - before);
    }
  }

  /** Voluntary context switches of all threads of this process but the one that asks and the JVM's own. */
  private static long switches() throws Exception {
    long sum = 0;
    try (var threads =
        java.nio.file.Files.newDirectoryStream(java.nio.file.Path.of("/proc/self/task"))) {
      for (var thread : threads) {
        String name = java.nio.file.Files.readString(thread.resolve("comm")).trim();
        if (name.startsWith("root-")
            || name.startsWith("pool-")
            || name.startsWith("wheel")
            || name.startsWith("ForkJoin")) {
          for (String line : java.nio.file.Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt")) {
              sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
          }
        }
      }
    }
    return sum;
  }

  private static long close(Kind kind) {
    Peer peer = kind.open();
    Random random = new Random(1);
    for (int i = 0; i < MILLION; i++) {
      peer.schedule(() -> {}, TimeUnit.SECONDS.toNanos(3_600 + random.nextInt(3_600)));
    }
    for (int i = 0; i < 1_000 && peer instanceof Ours ours; i++) {
      ours.timers.every("periodic-" + i, Duration.ofMillis(10), ACTION);
    }
    for (int i = 0; i < 1_000 && peer instanceof Jdk jdk; i++) {
      ScheduledFuture<?> periodic =
          jdk.pool.scheduleWithFixedDelay(() -> {}, 10, 10, TimeUnit.MILLISECONDS);
      if (periodic.isCancelled()) {
        throw new IllegalStateException("It was cancelled at once.");
      }
    }
    long start = System.nanoTime();
    peer.close();
    return System.nanoTime() - start;
  }
}
