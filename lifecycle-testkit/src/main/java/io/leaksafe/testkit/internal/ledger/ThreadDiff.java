package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** The platform threads that came, where there is no agent to tell who started them. */
final class ThreadDiff {
  private static final String KEEP_ALIVE = "Keep-Alive-Timer";

  /** Where a thread comes from is not known here, so those that live as long as the JVM are told by their names. */
  private static final Set<String> JDK_AND_JUNIT = Set.of(
      "CompletableFutureDelayScheduler",
      "ForkJoinPool.commonPool-delayScheduler",
      KEEP_ALIVE,
      "junit-jupiter-timeout-watcher",
      "process reaper",
      "JFR Periodic Tasks",
      "Attach Listener");

  private final Set<Thread> before = Collections.newSetFromMap(new WeakHashMap<>());
  private final long since = Moments.now();

  static ThreadDiff now() {
    ThreadDiff diff = new ThreadDiff();
    diff.absorb();
    return diff;
  }

  /** Takes what is there now for what was there before. */
  void absorb() {
    synchronized (before) {
      before.addAll(live());
    }
  }

  private boolean isNew(Thread thread) {
    synchronized (before) {
      return !before.contains(thread);
    }
  }

  List<Leak> leaks() {
    return live().stream()
        .filter(thread -> isNew(thread) && !isJvms(thread))
        .map(thread -> Found.of(
            LeakKind.THREAD,
            '"' + thread.getName() + '"',
            Words.state(thread),
            since,
            "end and join it, or shut down the executor it works for"))
        .toList();
  }

  /** The system's group, that of innocuous threads, the common pool, and those of test frameworks, by their classes. */
  private static boolean isJvms(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    boolean system = group == null || group.getParent() == null;
    boolean innocuous = group != null && group.getName().equals("InnocuousThreadGroup");
    boolean common = thread instanceof ForkJoinWorkerThread worker
        && worker.getPool() == ForkJoinPool.commonPool();
    return JDK_AND_JUNIT.contains(thread.getName())
        || system
        || innocuous
        || common
        || isOf(thread, "org.junit.")
        || isOf(thread, "jdk.internal.misc.CarrierThread"); // of virtual threads
  }

  private static boolean isOf(Thread thread, String beginning) {
    return thread.getClass().getName().startsWith(beginning);
  }

  /** Whether the JDK's HTTP client has connections that it keeps for the next request. */
  static boolean isHttpKeepingAlive() {
    return live().stream().anyMatch(thread -> thread.getName().equals(KEEP_ALIVE));
  }

  private static List<Thread> live() {
    ThreadGroup top = Objects.requireNonNull(Thread.currentThread().getThreadGroup());
    for (ThreadGroup up = top.getParent(); up != null; up = up.getParent()) {
      top = up;
    }
    Thread[] threads = new Thread[top.activeCount() + 16];
    int count = top.enumerate(threads);
    while (count == threads.length) { // more than guessed
      threads = new Thread[2 * count];
      count = top.enumerate(threads);
    }
    return Arrays.asList(threads).subList(0, count);
  }
}
