package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What may be set, and how often. */
class RetrySettingsTest {

  private final Retry retry = Retry.attempts(3).named("load");

  private static void rejects(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class)
        .hasMessage(message);
  }

  private static void rejectsTwice(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @Test
  void attempts_belowOne_throws() {
    rejects(() -> Retry.attempts(0), "attempts must be 1 or more, was 0.");
  }

  @Test
  void backoff_badValues_throws() {
    Duration second = Duration.ofSeconds(1);
    rejects(
        () -> retry.backoff(second.negated(), second), "first must be zero or longer, was -1 s.");
    rejects(
        () -> retry.backoff(second, Duration.ZERO),
        "cap must not be shorter than the first wait of 1 s, was 0 ns. Give the longest wait.");
    rejects(() -> retry.backoff(null, second), "first must not be null.");
    rejects(() -> retry.backoff(second, null), "cap must not be null.");
  }

  @Test
  void jitter_outOfRange_throws() {
    for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
      rejects(
          () -> retry.jitter(bad),
          "jitter must be from 0 to 1, was " + bad + ". It is a part of the wait: 0.2 is 20 %.");
    }
  }

  @Test
  void limits_notPositive_throws() {
    rejects(() -> retry.within(Duration.ZERO), "within must be longer than zero, was 0 ns.");
    rejects(
        () -> retry.eachWithin(Duration.ofSeconds(-1)),
        "eachWithin must be longer than zero, was -1 s.");
  }

  @Test
  void named_blank_throws() {
    assertThatThrownBy(() -> Retry.attempts(1).named(" "))
        .hasMessageStartingWith("name must not be blank");
  }

  @Test
  void set_null_throws() {
    rejects(() -> retry.retryIf(null), "retryIf must not be null.");
    rejects(() -> retry.onRetry(null), "onRetry must not be null.");
    rejects(() -> retry.jitter(0.5, null), "random must not be null.");
  }

  @Test
  void set_twice_throws() {
    Duration second = Duration.ofSeconds(1);
    rejectsTwice(
        () -> retry.backoff(second, second).backoff(second, second),
        "backoff of 'load' is set twice, first to 1 s. Set it once.");
    rejectsTwice(
        () -> retry.jitter(0.2).jitter(0.3),
        "jitter of 'load' is set twice, first to 0.2. Set it once.");
    rejectsTwice(
        () -> retry.within(second).within(second),
        "within of 'load' is set twice, first to 1 s. Set it once.");
    rejectsTwice(
        () -> retry.eachWithin(second).eachWithin(second),
        "eachWithin of 'load' is set twice, first to 1 s. Set it once.");
    rejectsTwice(
        () -> retry.named("other"), "named of 'load' is set twice, first to load. Set it once.");
    rejectsTwice(
        () -> retry.retryIf(e -> true).retryIf(e -> true),
        "retryIf of 'load' is set twice. Set it once.");
    rejectsTwice(
        () -> retry.onRetry((a, d, e) -> {}).onRetry((a, d, e) -> {}),
        "onRetry of 'load' is set twice. Set it once.");
    rejectsTwice(
        () -> retry.jitter(0.5, new Random()).jitter(0.7),
        "jitter of 'load' is set twice, first to 0.5. Set it once.");
  }

  @Test
  void set_anything_changesACopy() {
    assertThat(retry.jitter(0.2)).isNotSameAs(retry);
    retry.jitter(0.3); // not set twice
    assertThat(retry).hasToString("Retry 'load', 3 attempts");
    assertThat(Retry.attempts(1)).hasToString("Retry 'retry', 1 attempt");
  }
}
