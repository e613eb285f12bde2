package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on how a close went. */
public final class CloseReportAssert extends AbstractAssert<CloseReportAssert, CloseReport> {

  CloseReportAssert(@Nullable CloseReport actual) {
    super(actual, CloseReportAssert.class);
  }

  /**
   * Fails unless the close is complete and everything closed as it should; the message is the report.
   *
   * @return this
   */
  public CloseReportAssert isClean() {
    isNotNull();
    return check(actual.clean(), "a clean close");
  }

  /**
   * Fails unless every closer has ended, well or not.
   *
   * @return this
   */
  public CloseReportAssert isComplete() {
    isNotNull();
    return check(actual.complete(), "a complete close");
  }

  /**
   * Fails if a handle was still live when the report was made.
   *
   * @return this
   */
  public CloseReportAssert hasNoLiveHandles() {
    isNotNull();
    return check(actual.live().isEmpty(), "no live handles");
  }

  private CloseReportAssert check(boolean holds, String what) {
    if (!holds) {
      throw withCause(failure("Expected %s, but %s", what, actual));
    }
    return this;
  }

  /** What the first closer that failed threw belongs to the failure. */
  private AssertionError withCause(AssertionError failure) {
    actual.entries().stream()
        .map(Entry::error)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(failure::initCause);
    return failure;
  }

  /**
   * Fails unless a handle ended as given; of several with the same path, unless all of them did.
   *
   * @param path     the handle's path, from the root down
   * @param expected how it should have ended
   * @return this
   */
  public CloseReportAssert hasOutcome(String path, Outcome expected) {
    isNotNull();
    List<Outcome> outcomes = actual.entries().stream()
        .filter(entry -> entry.handle().path().equals(path))
        .map(Entry::outcome)
        .toList();
    if (outcomes.isEmpty()) {
      throw failure(
          "Expected '%s' to be %s, but it is not in the report: %s", path, expected, actual);
    }
    for (Outcome outcome : outcomes) {
      if (outcome != expected) {
        throw failureWithActualExpected(
            outcome,
            expected,
            "Expected '%s' to be %s, but it is %s: %s",
            path,
            expected,
            outcome,
            actual);
      }
    }
    return this;
  }

  /**
   * Fails unless exactly these handles were closed, in this order.
   *
   * @param paths the handles' paths, from the root down
   * @return this
   */
  public CloseReportAssert closedInOrder(String... paths) {
    isNotNull();
    List<String> expected = List.of(paths);
    List<String> closed =
        actual.entries().stream().map(entry -> entry.handle().path()).toList();
    if (!closed.equals(expected)) {
      throw failureWithActualExpected(
          closed,
          expected,
          "Expected '%s' to close in this order:%n%s%nbut it was:%n%s%nWithin one priority the last opened closes first.",
          actual.scope(),
          lines(expected),
          lines(closed));
    }
    return this;
  }

  private static String lines(List<String> paths) {
    return paths.isEmpty() ? "  none" : "  " + String.join("\n  ", paths);
  }
}
