package io.leaksafe.testkit.assertj;

import io.leaksafe.internal.check.Text;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on virtual time. */
public final class VirtualTimeAssert extends AbstractAssert<VirtualTimeAssert, VirtualTime> {

  VirtualTimeAssert(@Nullable VirtualTime actual) {
    super(actual, VirtualTimeAssert.class);
  }

  /**
   * Settles, and fails if a timer, a timeout or a thread still waits for a moment; the message says which.
   *
   * @return this
   */
  public VirtualTimeAssert hasNothingPending() {
    isNotNull();
    try {
      actual.assertNothingPending();
    } catch (AssertionError pending) {
      throw failure("%s", pending.getMessage());
    }
    return this;
  }

  /**
   * Settles, and fails unless exactly so many timers, timeouts and threads wait for a moment.
   *
   * @param expected how many
   * @return this
   */
  public VirtualTimeAssert hasPending(int expected) {
    isNotNull();
    actual.settle();
    List<String> pending = actual.pending();
    if (pending.size() != expected) {
      throw failureWithActualExpected(
          pending.size(),
          expected,
          "Expected %s pending in virtual time, but there %s:%n  %s",
          Text.count(expected, "thing"),
          pending.size() == 1 ? "is 1" : "are " + Text.count(pending.size()),
          pending.isEmpty() ? "none" : String.join("\n  ", pending));
    }
    return this;
  }

  /**
   * Fails unless exactly so much time has passed since the start.
   *
   * @param expected how much
   * @return this
   */
  public VirtualTimeAssert hasElapsed(Duration expected) {
    isNotNull();
    Duration elapsed = actual.elapsed();
    if (!elapsed.equals(expected)) {
      throw failureWithActualExpected(
          elapsed,
          expected,
          "Expected %s of virtual time to have passed, but it was %s.",
          Text.duration(expected),
          Text.duration(elapsed));
    }
    return this;
  }
}
