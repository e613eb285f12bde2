package io.leaksafe.handle;

import java.time.Duration;

/**
 * What the opener keeps in order to end one resource. Made by this library alone.
 *
 * <p>A handle belongs to exactly one scope, which closes it at the latest. Nobody has to keep it: whoever drops it leaves the
 * closing to the scope.
 *
 * <p>Thread safety: every method may be called from any thread. A handle that is closed, or whose scope is, no longer refers
 * to the resource.
 *
 * @param <T> the type of the resource
 */
public interface Handle<T> extends AutoCloseable {

  /**
   * Returns the resource.
   *
   * @return what was registered
   * @throws ClosedScopeException once closing of this handle began, or after {@link #release}
   */
  T get();

  /**
   * Moves this handle to another group of the closing order. Without a call it is {@link Priority#NORMAL}, and
   * {@link Priority#EARLY} for listeners.
   *
   * @param priority the group it closes in
   * @return this handle
   * @throws ClosedScopeException once closing of this handle began
   * @throws UnsupportedOperationException if it is a timer, which closes with its scheduler
   */
  Handle<T> priority(Priority priority);

  /**
   * Gives the closer a limit of its own instead of a share of the time that is left. It is also kept when this handle is
   * closed early.
   *
   * @param own how long closing may take before it is interrupted; longer than zero. A close of the whole scope never
   *     waits longer than the manager's total
   * @return this handle
   * @throws IllegalArgumentException if the duration is zero or negative
   * @throws ClosedScopeException once closing of this handle began
   */
  Handle<T> timeout(Duration own);

  /**
   * Reports this handle once as suspect when it has been live for the given time, counted from when it was opened.
   *
   * @param age longer than zero
   * @return this handle
   * @throws IllegalArgumentException if the duration is zero or negative
   * @throws ClosedScopeException once closing of this handle began
   */
  Handle<T> warnAfter(Duration age);

  /**
   * Takes the resource out of its scope without closing it: the caller owns it again.
   *
   * @return the resource
   * @throws ClosedScopeException once closing of this handle began, or if it was released before
   * @throws UnsupportedOperationException if it is a timer, which nothing would run without its scheduler
   */
  T release();

  /**
   * Describes this handle as it is now. Works after the close, too.
   *
   * @return where it stands in the tree, since when, and who opened it
   */
  HandleInfo info();

  /**
   * Closes the resource now, on this thread, and takes it out of its scope; returns when it is closed.
   *
   * <p>Only the first call closes. A second one is harmless: it is counted (but for a timer without a key), told to the
   * manager's listener, and does nothing, nor does it wait for the first. The scope's own close, however, waits for an early
   * one that is under way.
   *
   * <p>Without a {@link #timeout} of its own the closer has this thread for as long as it takes. With one it is interrupted
   * when that is over.
   *
   * @throws RuntimeException a {@code CleanupException} whose cause is what the closer threw. The handle is closed all
   *     the same
   */
  @Override
  void close();
}
