package io.leaksafe.internal.timer;

import io.leaksafe.internal.check.Text;
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
   * that the others can end. If the machine has no thread to give, the task stays in the queue, for one of the workers there
   * are or for the next try.
   *
   * Proof: jcstress SubmitAgainstIdle, whose twin looks and goes idle in two steps and sleeps over a task.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class.getPackageName());
  private static final int MOST = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
  private static final long KEEP_IDLE_NANOS = 5_000_000_000L;

  private final String prefix;
  private final TimeSource time;
  private final @Nullable ClassLoader loader;
  private final Runnable whenStarved;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final ArrayDeque<Thread> idle = new ArrayDeque<>();
  private final Set<Thread> threads = new LinkedHashSet<>();
  private final Set<Thread> busy = new LinkedHashSet<>();
  private int started;
  private boolean closed;

  /** Makes workers without threads; {@code whenStarved} arranges for a call of {@link #tryAgain}. */
  Workers(String prefix, TimeSource time, @Nullable ClassLoader loader, Runnable whenStarved) {
    this.prefix = prefix;
    this.time = time;
    this.loader = loader;
    this.whenStarved = whenStarved;
  }

  boolean execute(Runnable task) {
    Thread wake;
    boolean starved;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      queue.add(task);
      wake = idle.pollLast();
      starved = wake == null && !startOne();
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      time.unpark(wake);
    }
    if (starved) {
      whenStarved.run();
    }
    return true;
  }

  /** Starts a thread if tasks still wait for the one that could not be started. */
  void tryAgain() {
    boolean starved;
    lock.lock();
    try {
      starved = !closed && !queue.isEmpty() && !startOne();
    } finally {
      lock.unlock();
    }
    if (starved) {
      whenStarved.run();
    }
  }

  /** Under the lock: adds a thread if there is room; false if the machine has none to give. */
  private boolean startOne() {
    if (threads.size() >= MOST) {
      return true;
    }
    try {
      threads.add(time.startThread(prefix + ++started, this::run));
      return true;
    } catch (Throwable noThread) { // late is better than never
      LOG.warn(
          "No thread '{}{}' could be started; {} wait for {}. It will be tried again.",
          prefix,
          started,
          Text.count(queue.size(), "task"),
          Text.count(threads.size(), "thread"),
          noThread);
      return false;
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
    boolean goesOn;
    do {
      goesOn = runNext(self);
    } while (goesOn);
  }

  /** Runs the next task, to which nothing here refers once it has run; false if this worker has to end. */
  private boolean runNext(Thread self) {
    Runnable task = next(self);
    if (task == null) {
      return false;
    }
    self.setContextClassLoader(loader);
    try {
      task.run();
    } catch (Throwable failure) { // a task's failure must not end the worker
      LOG.error("A task failed on '{}'.", self.getName(), failure);
    } finally {
      self.setContextClassLoader(null);
      Thread.interrupted(); // what was meant for the task must not reach the next one
    }
    return true;
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
