package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the close of a scope went; an immutable copy that keeps nothing alive but the exceptions in it.
 *
 * @param scope     the path of the scope
 * @param startedAt when its close began, by the wall clock
 * @param took      how long it took, or has taken so far
 * @param complete  whether every closer has ended
 * @param entries   one per handle that was live when the close began, in closing order
 */
public record CloseReport(
    String scope, Instant startedAt, Duration took, boolean complete, List<Entry> entries) {

  /** How the close of one handle ended. */
  public enum Outcome {
    /** It closed in time. */
    CLOSED,
    /** Its closer threw. */
    FAILED,
    /** Its closer outlived its share and ended when it was interrupted. */
    TIMED_OUT,
    /** Its closer outlived its share and ignored the interrupt. The handle is still live. */
    HUNG,
    /** As {@link #HUNG}, but the closer came back after all. */
    LATE,
    /** Its turn has not come, or its closer is running. The handle is still live. */
    PENDING
  }

  /**
   * How one handle ended.
   *
   * @param handle  the handle as it was when its close began
   * @param outcome how it ended
   * @param took    how long its closer ran, so far if it still does
   * @param error   what the closer threw, if it did
   * @param stuckAt the stack of the closer's thread when its time was up, innermost first; empty if it ended in time
   */
  public record Entry(
      HandleInfo handle,
      Outcome outcome,
      Duration took,
      @Nullable Throwable error,
      List<StackTraceElement> stuckAt) {

    /**
     * Says whether the handle is still live.
     *
     * @return whether it is HUNG or PENDING
     */
    public boolean live() {
      return outcome == Outcome.HUNG || outcome == Outcome.PENDING;
    }
  }

  /**
   * Says whether everything closed as it should.
   *
   * @return whether the close is complete and every outcome is {@link Outcome#CLOSED}
   */
  public boolean clean() {
    return complete && entries.stream().allMatch(entry -> entry.outcome() == Outcome.CLOSED);
  }

  /**
   * Lists what has not been closed.
   *
   * @return the entries that are HUNG or PENDING
   */
  public List<Entry> live() {
    return entries.stream().filter(Entry::live).toList();
  }

  /** Returns a table for a person on call: a summary, then what went wrong, then the rest in closing order. */
  @Override
  public String toString() {
    return ReportTable.of(this);
  }
}
