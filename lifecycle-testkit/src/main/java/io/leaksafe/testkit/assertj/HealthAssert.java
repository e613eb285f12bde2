package io.leaksafe.testkit.assertj;

import io.leaksafe.health.Health;
import io.leaksafe.health.Health.Level;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on how a service was at one moment. */
public final class HealthAssert extends AbstractAssert<HealthAssert, Health> {

  HealthAssert(@Nullable Health actual) {
    super(actual, HealthAssert.class);
  }

  /**
   * Fails unless every measure is below its thresholds; the message has the reasons.
   *
   * @return this
   */
  public HealthAssert isOk() {
    return hasLevel(Level.OK);
  }

  /**
   * Fails unless the worst of all measures is at a level.
   *
   * @param expected the level
   * @return this
   */
  public HealthAssert hasLevel(Level expected) {
    isNotNull();
    if (actual.level() != expected) {
      throw failureWithActualExpected(
          actual.level(),
          expected,
          "Expected the level to be %s, but it is %s: %s",
          expected,
          actual.level(),
          actual);
    }
    return this;
  }

  /**
   * Fails unless a reason for the level contains a text.
   *
   * @param text a part of the reason
   * @return this
   */
  public HealthAssert hasReasonContaining(String text) {
    isNotNull();
    if (actual.reasons().stream().noneMatch(reason -> reason.contains(text))) {
      throw failure(
          "Expected a reason with '%s', but %s: %s",
          text, actual.reasons().isEmpty() ? "there is none" : "there is none such", actual);
    }
    return this;
  }

  /**
   * Fails unless the service takes new work.
   *
   * @return this
   */
  public HealthAssert isReady() {
    isNotNull();
    if (!actual.ready()) {
      throw failure("Expected a service that is ready, but it is not: %s", actual);
    }
    return this;
  }

  /**
   * Fails if the service takes new work.
   *
   * @return this
   */
  public HealthAssert isNotReady() {
    isNotNull();
    if (actual.ready()) {
      throw failure("Expected a service that is not ready, but it is: %s", actual);
    }
    return this;
  }

  /**
   * Fails if the heap grows beyond what chance explains; passes while there are too few samples to tell.
   *
   * @return this
   */
  public HealthAssert heapDoesNotGrow() {
    isNotNull();
    if (actual.trend().grows()) {
      throw failure("Expected a heap that does not grow, but it %s", actual.trend());
    }
    return this;
  }
}
