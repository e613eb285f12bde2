package io.leaksafe.testkit.internal.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The threads that belong to a thing. */
final class Threads {

  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";

  private Threads() {}

  static List<Thread> of(Entry entry) {
    Object thing = entry.get();
    List<Thread> threads = new ArrayList<>();
    switch (entry.kind) {
      case TIMER -> add(threads, Peek.field(thing, "thread"));
      case HTTP_CLIENT -> add(threads, Peek.field(thing, "selmgr"));
      case EXECUTOR, SCHEDULED_EXECUTOR -> addWorkers(threads, thing);
      default -> {}
    }
    return threads;
  }

  /** Whether a thread runs nothing but a worker that its pool has let go; a started one is in its pool before. */
  static boolean hasLeftPool(Thread thread) {
    Object holder = Peek.field(thread, "holder"); // from JDK 19 on
    Object body = holder == null ? Peek.field(thread, "target") : Peek.field(holder, "task");
    return body != null
        && body.getClass().getName().equals(WORKER)
        && Peek.field(body, "this$0") instanceof ThreadPoolExecutor pool
        && !workers(pool).contains(body);
  }

  private static void add(List<Thread> threads, @Nullable Object thread) {
    if (thread instanceof Thread one) {
      threads.add(one);
    }
  }

  private static void addWorkers(List<Thread> threads, @Nullable Object executor) {
    if (executor instanceof ThreadPoolExecutor) {
      workers(executor).forEach(worker -> add(threads, Peek.field(worker, "thread")));
    } else if (executor instanceof ForkJoinPool) {
      add(threads, Peek.field(executor, "delayScheduler"));
      if (Peek.field(executor, "queues") instanceof Object[] queues) {
        Arrays.asList(queues).forEach(queue -> add(threads, Peek.field(queue, "owner")));
      }
    } else if (Peek.field(executor, "threads") instanceof Collection<?> all) {
      all.forEach(thread -> add(threads, thread));
    }
  }

  /** A copy of a pool's workers, taken under its own lock. */
  private static List<?> workers(Object pool) {
    if (Peek.field(pool, "workers") instanceof Collection<?> workers
        && Peek.field(pool, "mainLock") instanceof Lock lock) {
      lock.lock();
      try {
        return new ArrayList<>(workers);
      } finally {
        lock.unlock();
      }
    }
    return List.of();
  }
}
