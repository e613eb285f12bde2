package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import java.util.List;
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
      throw failure("Expected %s, but%n%s", what, actual);
    }
    return this;
  }

  /**
   * Fails unless a handle ended as given.
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
    if (!outcomes.contains(expected)) {
      throw failureWithActualExpected(
          outcomes,
          expected,
          "Expected '%s' to be %s, but %s.%n%s",
          path,
          expected,
          outcomes.isEmpty() ? "it is not in the report" : "it is " + outcomes.get(0),
          actual);
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
          "Expected this order of closing:%n  %s%nbut it was:%n  %s",
          String.join("\n  ", expected),
          String.join("\n  ", closed));
    }
    return this;
  }
}
