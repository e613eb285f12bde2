package io.leaksafe.internal.timer;

import io.leaksafe.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires the timers of one root on one thread, which starts with the first of them and sleeps until the next is due.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class TimerEngine {
  /*
   * The lock guards the heap, the thread and the phase; it is never held while a timer fires. Wake-up: whoever adds a timer
   * that is due before the thread means to wake sees that under the lock and unparks it afterwards; the thread reads the next
   * due time under the same lock before it parks, and an unpark that comes in between makes the park return at once.
   *
   * Proof: jcstress WakeUpHandshake, CancelAgainstFire and ScheduleAgainstClose, each with a twin that fails.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimerEngine.class.getPackageName());
  private static final long RETRY_NANOS = 1_000_000_000;

  private final String name;
  private final TimeSource time;
  private final Workers workers;
  final ReentrantLock lock = new ReentrantLock();
  private final TimerHeap heap = new TimerHeap();
  private final Timer retry = new Timer() {
    @Override
    protected void fire() {
      workers.tryAgain();
    }
  };
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * Makes an engine without threads.
   *
   * @param name   what its threads are named after
   * @param time   where the time comes from
   * @param loader the context class loader its tasks see
   */
  public TimerEngine(String name, TimeSource time, @Nullable ClassLoader loader) {
    this.name = name;
    this.time = time;
    this.workers = new Workers(name + "-worker-", time, loader, this::retryWorkers);
  }

  /**
   * Has a timer fire once.
   *
   * @param timer not pending
   * @param due   by the monotonic clock; in the past means at once
   * @return false if this engine is closed, so that the timer will never fire
   */
  public boolean schedule(Timer timer, long due) {
    Thread wake = null;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      heap.add(timer, due);
      if (timer.group != null) {
        timer.group.pending.add(timer);
      }
      if (heap.peek() == timer) {
        wake = running(timer);
      }
    } finally {
      lock.unlock();
    }
    if (wake != null && wake != Thread.currentThread()) {
      time.unpark(wake);
    }
    return true;
  }

  private Thread running(Timer added) {
    Thread existing = thread;
    if (existing != null) {
      return existing;
    }
    try {
      Thread started = time.startThread(name + "-timer", this::run);
      thread = started;
      return started;
    } catch (Throwable noThread) { // nothing half-scheduled may stay behind
      heap.remove(added);
      throw noThread;
    }
  }

  /**
   * Keeps a timer from firing.
   *
   * @param timer any timer of this engine
   * @return whether it was pending
   */
  public boolean cancel(Timer timer) {
    lock.lock();
    try {
      return take(timer);
    } finally {
      lock.unlock();
    }
  }

  private boolean take(Timer timer) {
    if (timer.group != null) {
      timer.group.pending.remove(timer);
    }
    return heap.remove(timer);
  }

  /** Makes a group of timers that end together. */
  public TimerGroup group() {
    return new TimerGroup(this);
  }

  /**
   * Runs a task on a worker, as soon as one is free.
   *
   * @param task what it throws is logged
   * @return false if this engine is closed, so that the task will never run
   */
  public boolean execute(Runnable task) {
    return workers.execute(task);
  }

  /** Has the workers try again, a while from now, to start a thread that could not be started. */
  private void retryWorkers() {
    lock.lock();
    try {
      heap.remove(retry);
      schedule(retry, time.nanoTime() + RETRY_NANOS);
    } catch (Throwable noThread) { // the tasks wait for the next one to bring a thread
      LOG.warn(
          "No thread '{}-timer' could be started either; the next task tries again.",
          name,
          noThread);
    } finally {
      lock.unlock();
    }
  }

  /** How many timers are pending. */
  public int pending() {
    lock.lock();
    try {
      return heap.size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it: no timer fires any more, no task starts, idle threads end, busy ones when their task does. */
  public void close() {
    Thread wake;
    lock.lock();
    try {
      closed = true;
      for (Timer timer = heap.peek(); timer != null; timer = heap.peek()) {
        heap.remove(timer);
      }
      wake = thread;
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      time.unpark(wake);
    }
    workers.close();
  }

  /** The threads that end, or have ended, because of {@link #close}; not those that are still running a task. */
  public List<Thread> endingThreads() {
    List<Thread> ending = new ArrayList<>(workers.idleThreads());
    lock.lock();
    try {
      if (thread != null) {
        ending.add(thread);
      }
    } finally {
      lock.unlock();
    }
    return ending;
  }

  private void run() {
    for (long wait = fireNext(); wait >= 0; wait = fireNext()) {
      if (wait > 0) {
        time.park(this, wait);
        Thread.interrupted(); // there is nothing to interrupt here, and a set flag would make this
        // spin
      }
    }
  }

  /**
   * Fires the next timer if it is due; nothing of it is kept.
   *
   * @return how long to wait for the next one; zero to look again at once, less at the end
   */
  private long fireNext() {
    Timer next;
    lock.lock();
    try {
      next = heap.peek();
      if (closed) {
        return -1;
      }
      if (next == null) {
        return Long.MAX_VALUE;
      }
      long wait = next.due - time.nanoTime();
      if (wait > 0) {
        return wait;
      }
      take(next);
    } finally {
      lock.unlock();
    }
    fire(next);
    return 0;
  }

  private static void fire(Timer timer) {
    try {
      timer.fire();
    } catch (Throwable failure) { // one timer's failure must not end the others
      LOG.error("A timer of the library failed; the others go on.", failure);
    }
  }
}
