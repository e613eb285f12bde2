package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.ClosedScopeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Runs on their caller's thread. */
class RetryCallTest extends RetryTestCase {

  // ---- how often, and when

  @Test
  void call_succeedsAtOnce_triesOnceAndLeavesNothing() throws Exception {
    assertThat(retry.call(session, () -> failing(0))).isEqualTo("value");
    assertThat(tries).isEqualTo(1);
    assertThat(time.describe()).doesNotContain("app-worker");
  }

  @Test
  void call_failsTwice_triesAgainAfterEachWait() throws Exception {
    time.run(() -> assertThat(retry.call(session, () -> failing(2))).isEqualTo("value"));
    assertThat(log).containsExactly("0 attempt 1", "100 attempt 2", "300 attempt 3");
  }

  @Test
  void call_failsEveryTime_throwsTheLastFailureItselfWithThoseBeforeIt() throws Exception {
    time.run(() -> assertThatThrownBy(() -> retry.call(session, () -> failing(9)))
        .isInstanceOf(IOException.class)
        .hasMessage("failure 3")
        .satisfies(failure -> {
          assertThat(suppressedOf(failure))
              .containsExactly(
                  "Attempt 1 of 3 of 'load' failed; the next was to begin 100 ms later.",
                  "Attempt 2 of 3 of 'load' failed; the next was to begin 200 ms later.");
          assertThat(failure.getSuppressed()[1]).hasCauseInstanceOf(IOException.class);
          assertThat(failure.getSuppressed()[1].getCause()).hasMessage("failure 2");
        }));
    assertThat(time.elapsed()).as("no wait after the last attempt").isEqualTo(millis(300));
  }

  @Test
  void call_oneAttempt_doesNotTryAgain() {
    assertThatThrownBy(() -> Retry.attempts(1).call(session, () -> failing(9)))
        .hasMessage("failure 1")
        .hasNoSuppressedExceptions();
  }

  @Test
  void call_waitOfZero_triesAgainAtOnce() throws Exception {
    Retry eager = retry.backoff(millis(0), millis(0));
    assertThat(eager.call(session, () -> failing(2))).isEqualTo("value");
    assertThat(log).containsExactly("0 attempt 1", "0 attempt 2", "0 attempt 3");
  }

  @Test
  void call_threeAttemptsUpTo3s_neverWaitsLonger() throws Exception {
    Retry redis = Retry.attempts(3).backoff(seconds(2), seconds(3)).jitter(0.9, new Random(3));
    time.run(() ->
        assertThatThrownBy(() -> redis.call(session, () -> failing(9))).hasMessage("failure 3"));
    assertThat(tries).isEqualTo(3);
    assertThat(time.elapsed()).isLessThanOrEqualTo(seconds(6));
  }

  @Test
  void call_manyAttempts_carriesTheLatestTen() throws Exception {
    Retry often = Retry.attempts(50).backoff(millis(1), millis(1));
    time.run(() -> assertThatThrownBy(() -> often.call(session, () -> failing(99)))
        .satisfies(failure -> {
          assertThat(failure.getSuppressed()).hasSize(10);
          assertThat(suppressedOf(failure).get(0)).startsWith("Attempt 40 of 50");
          assertThat(suppressedOf(failure).get(9)).startsWith("Attempt 49 of 50");
        }));
  }

  @Test
  void call_oneExceptionThrownAgainAndAgain_doesNotGrow() throws Exception {
    IOException constant = new IOException("always the same");
    Retry often = Retry.attempts(5).backoff(millis(0), millis(0));
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> often.call(session, () -> {
            if (tries++ % 2 == 0) {
              throw new IOException("another");
            }
            throw constant;
          }))
          .isInstanceOf(IOException.class);
    }
    assertThat(constant.getSuppressed()).hasSizeLessThanOrEqualTo(10);
  }

  // ---- what is tried again

  @Test
  void call_errorsAndEndsByOthers_areNotTriedAgain() {
    for (Throwable never : new Throwable[] {
      new AssertionError("broken"),
      new InterruptedException("stop"),
      new CancellationException("stop"),
      new ClosedScopeException("closed")
    }) {
      tries = 0;
      assertThatThrownBy(() -> retry.retryIf(e -> true).call(session, () -> {
            tries++;
            if (never instanceof Error error) {
              throw error;
            }
            throw (Exception) never;
          }))
          .isSameAs(never);
      assertThat(tries).isEqualTo(1);
    }
  }

  @Test
  void retryIf_saysNo_endsTheRun() {
    Retry picky = retry.retryIf(e -> !(e instanceof FileNotFoundException));
    assertThatThrownBy(() -> picky.call(session, () -> {
          tries++;
          throw new FileNotFoundException("none");
        }))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void retryIf_throws_failsWithTheAttemptsFailureAndAddsIt() {
    Retry broken = retry.retryIf(e -> {
      throw new NoClassDefFoundError("x");
    });
    assertThatThrownBy(() -> broken.call(session, () -> failing(9)))
        .hasMessage("failure 1")
        .satisfies(failure -> assertThat(failure.getSuppressed())
            .hasAtLeastOneElementOfType(NoClassDefFoundError.class));
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void onRetry_isToldOfEachAttemptThatIsFollowedByAnother() throws Exception {
    Retry told = retry.onRetry(
        (attempt, delay, error) -> log(attempt + " " + delay + " " + error.getMessage()));
    time.run(() ->
        assertThatThrownBy(() -> told.call(session, () -> failing(9))).hasMessage("failure 3"));
    assertThat(log)
        .containsExactly(
            "0 attempt 1",
            "0 1 PT0.1S failure 1",
            "100 attempt 2",
            "100 2 PT0.2S failure 2",
            "300 attempt 3");
  }

  @Test
  void onRetry_throws_stopsNothing() throws Exception {
    Retry told = retry.onRetry((attempt, delay, error) -> {
      throw new AssertionError("broken listener");
    });
    time.run(() -> assertThat(told.call(session, () -> failing(2))).isEqualTo("value"));
  }

  // ---- limits

  @Test
  void eachWithin_attemptTakesTooLong_isInterruptedAndTriedAgain() throws Exception {
    Retry limited = retry.eachWithin(seconds(2));
    time.run(() -> assertThatThrownBy(() -> limited.call(session, () -> {
          tries++;
          time.sleep(seconds(10));
          return null;
        }))
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith("'app/session/load, attempt 3 of 3' was not done after 2 s"));
    assertThat(tries).isEqualTo(3);
    assertThat(time.elapsed()).isEqualTo(millis(6_300));
  }

  @Test
  void within_overDuringAnAttempt_interruptsItAndThrows() throws Exception {
    Retry limited = retry.within(seconds(5));
    time.run(() -> assertThatThrownBy(() -> limited.call(session, () -> {
          if (tries++ == 0) {
            throw new IOException("reset");
          }
          time.sleep(seconds(10));
          return null;
        }))
        .isInstanceOf(TimeoutException.class)
        .hasMessage(
            "'app/session/load' was not done after 5 s in all (attempt 2 of 3); it was given up. "
                + "Raise within(), or see what the attempts failed with: they are suppressed exceptions of this one.")
        .hasCauseInstanceOf(TimeoutException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1)));
    assertThat(time.elapsed()).isEqualTo(seconds(5));
  }

  @Test
  void within_shorterThanTheNextWait_failsAtOnceAndSaysSo() throws Exception {
    Retry limited = retry.within(millis(250));
    time.run(() -> assertThatThrownBy(() -> limited.call(session, () -> failing(9)))
        .hasMessage("failure 2")
        .satisfies(failure -> assertThat(suppressedOf(failure))
            .containsExactly(
                "Attempt 1 of 3 of 'load' failed; the next was to begin 100 ms later.",
                "'load' was not tried again after attempt 2 of 3: the wait of 200 ms is longer than "
                    + "what is left, 150 ms of 250 ms.")));
    assertThat(time.elapsed()).isEqualTo(millis(100));
  }

  @Test
  void within_tooLargeToCount_isNeverOver() throws Exception {
    Retry limited = retry.within(java.time.Duration.ofSeconds(Long.MAX_VALUE));
    time.run(() -> assertThat(limited.call(session, () -> failing(2))).isEqualTo("value"));
  }

  // ---- interrupts and owners

  @Test
  void call_interruptedInTheWait_throwsWithWhatFailed() throws Exception {
    time.run(() -> {
      Thread self = Thread.currentThread();
      Thread other = time.startThread("other", () -> {
        time.sleepUninterruptibly(millis(50));
        assertThat(timeouts()).hasSize(1);
        assertThat(timeouts().get(0).path()).isEqualTo("app/session/load, attempt 2 of 3");
        assertThat(timeouts().get(0).details().toString()).isEqualTo("{next in=50 ms}");
        self.interrupt();
      });
      assertThatThrownBy(() -> retry.call(session, () -> failing(9)))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("'app/session/load' was interrupted while it waited for attempt 2 of 3.")
          .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
      assertThat(time.join(other, Long.MAX_VALUE)).isTrue();
    });
    assertThat(time.elapsed()).isEqualTo(millis(50));
  }

  @Test
  void call_ownerClosesInTheWait_ends() throws Exception {
    time.run(() -> {
      Thread closer = time.startThread("closer", () -> {
        time.sleepUninterruptibly(millis(50));
        session.close();
      });
      assertThatThrownBy(() -> retry.call(session, () -> failing(9)))
          .isInstanceOf(ClosedScopeException.class)
          .hasMessageMatching(
              "'app/session' is clos(ing|ed); 'load' was given up at attempt 2 of 3. "
                  + "Let it end before close\\(\\), or give it an owner that lives longer.")
          .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
      assertThat(time.join(closer, Long.MAX_VALUE)).isTrue();
    });
    assertThat(time.elapsed()).isEqualTo(millis(50));
  }

  @Test
  void call_ownerClosesInAnAttempt_interruptsItAndEnds() throws Exception {
    time.run(() -> {
      Thread closer = time.startThread("closer", () -> {
        time.sleepUninterruptibly(millis(50));
        session.close();
      });
      assertThatThrownBy(() -> retry.call(session, () -> {
            time.sleep(seconds(10));
            return null;
          }))
          .isInstanceOf(ClosedScopeException.class);
      assertThat(time.join(closer, Long.MAX_VALUE)).isTrue();
    });
    assertThat(time.elapsed()).isEqualTo(millis(50));
  }

  @Test
  void call_ownerIsClosed_throwsAndDoesNotTry() {
    session.close();
    assertThatThrownBy(() -> retry.call(session, () -> failing(0)))
        .isInstanceOf(ClosedScopeException.class);
    assertThat(tries).isZero();
  }

  @Test
  void call_manyThatEndEarly_leaveNoTimerAtOnce() throws Exception {
    for (int i = 0; i < 100_000; i++) {
      retry.call(session, () -> "value");
    }
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void call_badArguments_throws() {
    assertThatThrownBy(() -> retry.call(null, () -> "")).hasMessage("owner must not be null.");
    assertThatThrownBy(() -> retry.call(session, null)).hasMessage("body must not be null.");
    assertThatThrownBy(() -> retry.run(null, () -> null)).hasMessage("owner must not be null.");
    assertThatThrownBy(() -> retry.run(session, null)).hasMessage("body must not be null.");
  }
}
