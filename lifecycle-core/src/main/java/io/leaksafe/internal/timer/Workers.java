package io.leaksafe.internal.timer;

import io.leaksafe.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that run tasks: started when there is work, gone when there has been none for a while. */
final class Workers {
  /*
   * Under the lock: a task goes to the queue; if nobody is idle and there is room for one more thread, one is started. A
   * worker takes from the queue, or notes that it is idle and parks. The last worker to go idle is the first to be woken, so
   * that the others can end.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class.getPackageName());
  private static final int MOST = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
  private static final long KEEP_IDLE_NANOS = 5_000_000_000L;

  private final String prefix;
  private final TimeSource time;
  private final @Nullable ClassLoader loader;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final ArrayDeque<Thread> idle = new ArrayDeque<>();
  private final Set<Thread> threads = new LinkedHashSet<>();
  private final Set<Thread> busy = new LinkedHashSet<>();
  private int started;
  private boolean closed;

  Workers(String prefix, TimeSource time, @Nullable ClassLoader loader) {
    this.prefix = prefix;
    this.time = time;
    this.loader = loader;
  }

  boolean execute(Runnable task) {
    Thread wake;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      queue.add(task);
      wake = idle.pollLast();
      if (wake == null && threads.size() < MOST) {
        start(task);
      }
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      time.unpark(wake);
    }
    return true;
  }

  private void start(Runnable task) {
    try {
      threads.add(time.startThread(prefix + ++started, this::run));
    } catch (
        Throwable
            noThread) { // the machine has none to give: leave the task to those there are, or give
      // it back
      if (threads.isEmpty()) {
        queue.remove(task);
        throw noThread;
      }
      LOG.warn(
          "No thread could be started; {} tasks wait for {} threads.",
          queue.size(),
          threads.size(),
          noThread);
    }
  }

  void close() {
    List<Thread> wake;
    lock.lock();
    try {
      closed = true;
      queue.clear();
      wake = new ArrayList<>(idle);
      idle.clear();
    } finally {
      lock.unlock();
    }
    wake.forEach(time::unpark);
  }

  List<Thread> idleThreads() {
    lock.lock();
    try {
      List<Thread> ending = new ArrayList<>(threads);
      ending.removeAll(busy);
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Thread self = Thread.currentThread();
    for (Runnable task = next(self); task != null; task = next(self)) {
      self.setContextClassLoader(loader);
      try {
        task.run();
      } catch (Throwable failure) { // a task's failure must not end the worker
        LOG.error("A task failed on '{}'.", self.getName(), failure);
      } finally {
        self.setContextClassLoader(null);
        Thread.interrupted(); // what was meant for the task must not reach the next one
      }
    }
  }

  /** Returns the next task, or null if this worker has to end. */
  private @Nullable Runnable next(Thread self) {
    long idleSince = time.nanoTime();
    for (; ; ) {
      long left = KEEP_IDLE_NANOS - (time.nanoTime() - idleSince);
      lock.lock();
      try {
        busy.remove(self);
        idle.remove(self);
        Runnable task = queue.poll();
        if (task != null) {
          busy.add(self);
          return task;
        }
        if (closed) {
          return null; // stays in threads, for whoever joins them
        }
        if (left <= 0) {
          threads.remove(self);
          return null;
        }
        idle.addLast(self);
      } finally {
        lock.unlock();
      }
      time.park(this, left);
      Thread.interrupted(); // an idle worker has nothing to interrupt, and a set flag would make it
      // spin
    }
  }
}
