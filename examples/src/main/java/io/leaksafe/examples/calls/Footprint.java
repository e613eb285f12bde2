package io.leaksafe.examples.calls;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a run leaves in the JVM: threads, and heap that no collection gets back. */
final class Footprint {

  /** Where the JVM keeps threads of its own; the last one holds those that carry virtual threads. */
  private static final Set<String> GROUPS_OF_THE_JVM =
      Set.of("system", "InnocuousThreadGroup", "CarrierThreads");

  private static final int COLLECTIONS = 20;
  private static final long STEADY = 64 * 1024;

  private Footprint() {}

  /** The threads alive now, without the JVM's own. */
  static Set<Thread> threads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(Footprint::isOfTheJvm);
    return threads;
  }

  /** The names of the threads that were not there before, after each had its chance to end within the limit. */
  static List<String> threadsSince(Set<Thread> before, Duration limit) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    Set<Thread> since = threads();
    since.removeAll(before);
    for (Thread thread : since) {
      // A join of zero would wait for ever.
      long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
      thread.join(left);
    }
    return since.stream().filter(Thread::isAlive).map(Thread::getName).sorted().toList();
  }

  /** The bytes in use once collecting frees no more. */
  static long heapAfterGc() {
    Runtime runtime = Runtime.getRuntime();
    long before = Long.MAX_VALUE;
    long used = used(runtime);
    for (int i = 0; i < COLLECTIONS && before - used > STEADY; i++) {
      System.gc();
      before = used;
      used = used(runtime);
    }
    return used;
  }

  private static long used(Runtime runtime) {
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static boolean isOfTheJvm(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group == null || GROUPS_OF_THE_JVM.contains(group.getName());
  }
}
