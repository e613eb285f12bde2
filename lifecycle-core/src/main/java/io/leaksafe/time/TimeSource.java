package io.leaksafe.time;

import java.time.Instant;

/**
 * Reads the time, waits for it, and starts threads; everything in this library that does one of these does it here.
 *
 * <p>A clock alone cannot fake time: a test must also decide when a waiting thread wakes and know which threads are still
 * running. So waiting and starting belong to the same seam. {@link #system()} is the real one; the testkit has a virtual one.
 *
 * <p>Thread safety: every method may be called from any thread at any time.
 */
public interface TimeSource {

  /**
   * Returns the machine's own time.
   *
   * @return the one instance, which holds no thread and no state
   */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /**
   * Reads the monotonic clock, which only ever moves forward and has no meaning beyond differences.
   *
   * @return nanoseconds since an arbitrary origin; compare two readings by {@code a - b > 0}, since they may overflow
   */
  long nanoTime();

  /**
   * Reads the wall clock, which people set and daylight saving does not move.
   *
   * @return the current moment
   */
  Instant instant();

  /**
   * Waits until {@link #unpark}, an interrupt, or the given time has passed, whichever comes first; it may also return for
   * no reason, so callers loop.
   *
   * <p>An interrupt ends the wait and leaves the thread's interrupt flag set.
   *
   * @param blocker what the thread waits for, shown in thread dumps
   * @param nanos   the longest wait in nanoseconds; zero or less returns at once, {@link Long#MAX_VALUE} waits without limit
   */
  void park(Object blocker, long nanos);

  /**
   * Ends the given thread's {@link #park}, or, if it is not parked, makes its next one return at once.
   *
   * <p>What this thread did before is visible to the other one after its {@code park} returned.
   *
   * @param thread the thread to wake
   */
  void unpark(Thread thread);

  /**
   * Starts a daemon thread that inherits nothing from its starter: no thread locals, no context class loader, no access
   * control context. An idle thread of this library therefore pins nobody's classes.
   *
   * @param name the thread's name
   * @param body what it runs; whatever it throws reaches the thread's uncaught-exception handler
   * @return the started thread
   * @throws OutOfMemoryError if the machine has no thread to give; nothing was started then
   */
  Thread startThread(String name, Runnable body);

  /**
   * Starts a thread for tasks that may block, under the same conditions as {@link #startThread}. The system's is a virtual
   * thread from JDK 24 on; before, a virtual thread that waits for a monitor keeps its carrier.
   *
   * @param name the thread's name
   * @param body what it runs; whatever it throws reaches the thread's uncaught-exception handler
   * @return the started thread
   * @throws OutOfMemoryError if the machine has no thread to give; nothing was started then
   */
  default Thread startWorker(String name, Runnable body) {
    return startThread(name, body);
  }

  /**
   * Waits for a thread to end.
   *
   * <p>An interrupt ends the wait and leaves the caller's interrupt flag set.
   *
   * @param thread a thread started by this time source
   * @param nanos  the longest wait in nanoseconds; zero or less only looks
   * @return whether the thread has ended
   */
  boolean join(Thread thread, long nanos);
}
