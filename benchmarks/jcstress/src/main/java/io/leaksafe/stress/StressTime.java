package io.leaksafe.stress;

import io.leaksafe.time.TimeSource;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A time that stands where the test puts it. Threads are not started but kept for the test, which has two actors and no
 * more, to run itself; waiting is real.
 */
public class StressTime implements TimeSource {

  private static final Thread NOBODY = new Thread("kept for the test");

  private final Queue<Runnable> kept = new ConcurrentLinkedQueue<>();
  private volatile long now;

  /** Moves the time, in one step for whoever looks. */
  public final void set(long nanos) {
    now = nanos;
  }

  /** Runs, on this thread, the thread that was started first and has not been run; false if there is none. */
  public final boolean runKept() {
    Runnable body = kept.poll();
    if (body != null) {
      body.run();
    }
    return body != null;
  }

  @Override
  public final long nanoTime() {
    return now;
  }

  @Override
  public final Instant instant() {
    return Instant.EPOCH.plusNanos(now);
  }

  @Override
  public void park(Object blocker, long nanos) {
    TimeSource.system().park(blocker, nanos);
  }

  @Override
  public void unpark(Thread thread) {
    TimeSource.system().unpark(thread);
  }

  @Override
  public Thread startThread(String name, Runnable body) {
    kept.add(body);
    return NOBODY;
  }

  @Override
  public final boolean join(Thread thread, long nanos) {
    return true;
  }
}
