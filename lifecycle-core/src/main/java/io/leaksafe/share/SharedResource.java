package io.leaksafe.share;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * One resource for many holders: opened when the first of them asks, closed after the last has gone.
 *
 * <p>Each holder gets a lease, a handle of kind {@code LEASE} in its own scope, which ends with that scope or earlier, by its own
 * {@code close()}. As long as there is a lease the resource stays open. After the last one it is closed, at once or when it has
 * not been wanted for a while ({@link #linger}), and opened anew when somebody asks again. At no time are two of them open.
 *
 * <p><b>Opening.</b> The first to ask opens the resource on its own thread; those who ask meanwhile wait and share it. If opening
 * fails, all of them get that failure, and nothing is remembered: the next to ask opens again. If the thread that opens is
 * interrupted, one of those who wait opens instead.
 *
 * <p><b>Closing the owner.</b> No lease is given any more. While leases are out the close waits for them, as long as its share of
 * the time lasts; then it closes the resource all the same, and fails with a message that names the holders, whose leases have
 * ended. So open it before the scopes that hold it: they are then closed first. A close that takes its share while the resource
 * is just being opened or closed leaves that to the thread that does it.
 *
 * <p>Memory effects: what the opener did is visible to every holder, and what a holder did before its lease was closed is visible
 * to the closer.
 *
 * <p>Thread safety: every method may be called from any thread. No lock is held while the opener or the closer runs.
 *
 * @param <T> the type of the resource
 */
public sealed interface SharedResource<T> permits Share {

  /**
   * Makes a shared resource that is not open yet. It stands in its owner as a handle of kind {@code RESOURCE}.
   *
   * @param owner  who ends it
   * @param name   what reports call it, and its leases
   * @param opener opens the resource, on the thread that asks
   * @param closer closes it: on the thread that closes the last lease, on a worker after lingering, or by the owner's close
   * @param <T>    the type of the resource
   * @return the shared resource
   * @throws ClosedScopeException if the owner's close has begun
   */
  static <T> SharedResource<T> in(
      Scope owner, String name, Callable<? extends T> opener, Closer<? super T> closer) {
    return Share.open(owner, name, opener, closer);
  }

  /**
   * Takes a lease, and opens the resource if nobody has one.
   *
   * @param holder the scope whose end is the lease's end at the latest
   * @return the lease; {@code get()} is the resource. Closing it a second time changes nothing
   * @throws ClosedScopeException  if the close of the owner or of the holder has begun; the holder has no lease then
   * @throws InterruptedException  if this thread is interrupted while it waits for another one that opens or closes
   * @throws IllegalStateException if it is called by the opener or the closer itself
   * @throws Exception             what the opener threw
   */
  Handle<T> acquire(Scope holder) throws Exception;

  /**
   * Sets how long the resource stays open without a lease; zero if not set, so that it is closed with its last lease. The time
   * runs on the root's timer, and counts from the next time the last lease is closed.
   *
   * @param time zero or longer
   * @return this shared resource
   * @throws IllegalArgumentException if the time is negative
   */
  SharedResource<T> linger(Duration time);

  /**
   * Counts the leases.
   *
   * @return how many are out now, with those that wait for the opening
   */
  int leases();

  /**
   * Tells whether the resource is open.
   *
   * @return whether it has been opened and its close has not begun
   */
  boolean isOpen();
}
