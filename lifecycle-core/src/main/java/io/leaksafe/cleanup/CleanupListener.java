package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import java.time.Duration;
import java.util.List;

/**
 * Told what happens to the handles of one manager. Every method does nothing unless overridden.
 *
 * <p>Called on the thread on which the thing happens, while no lock is held, so it should return soon. What it throws is
 * logged and stops nothing. Events of different handles come in no particular order.
 */
public interface CleanupListener {

  /**
   * A handle was opened.
   *
   * @param handle what was opened
   */
  default void opened(HandleInfo handle) {}

  /**
   * A handle's close ended, or was given up; a closer that comes back later is told of again, as {@link
   * CloseReport.Outcome#LATE}.
   *
   * @param entry the handle, how it ended and what went wrong
   */
  default void closed(CloseReport.Entry entry) {}

  /**
   * A closer has outlived its share of the time. It is interrupted next.
   *
   * @param handle  what it closes
   * @param running for how long it has been running
   * @param stuckAt its thread's stack, innermost first
   */
  default void overdue(HandleInfo handle, Duration running, List<StackTraceElement> stuckAt) {}

  /**
   * A handle has been live for longer than it should be, or a scope was dropped unclosed where others are closed.
   *
   * @param handle the handle
   * @param reason why it is suspect, as a sentence
   */
  default void suspect(HandleInfo handle, String reason) {}

  /**
   * The live handles of one name in one scope have reached the threshold, or doubled since.
   *
   * @param newest the one just opened, with its stack
   * @param live   how many there are
   */
  default void growing(HandleInfo newest, int live) {}

  /**
   * A lease was dropped unclosed, and nothing ends it before what it is on: found by the garbage collector, and told of when
   * somebody looks, see {@link CleanupManager#check}.
   *
   * @param handle the lease, with its stack
   */
  default void leaked(HandleInfo handle) {}

  /**
   * A handle was closed again after it had been closed.
   *
   * @param handle the handle
   * @param calls  how many calls beyond the first there have been
   */
  default void doubleClosed(HandleInfo handle, int calls) {}

  /**
   * The manager's own close has ended, or its time is up. Told again when a closer that was given up comes back.
   *
   * @param report how everything ended
   */
  default void finished(CloseReport report) {}
}
