package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.tree.OwnerNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Runs whose attempts are stages. */
class RetryRunTest extends RetryTestCase {

  /** The stages of attempts that do not end by themselves. */
  private final List<CompletableFuture<String>> stages = new ArrayList<>();

  private CompletableFuture<String> newStage() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    stages.add(stage);
    log("attempt " + stages.size());
    return stage;
  }

  private CompletableFuture<String> stage(int attempt) {
    return stages.get(attempt - 1);
  }

  // ---- how often, and when

  @Test
  void run_succeedsAtOnce_hasTheValueAndTriesOnce() {
    assertThat(retry.run(session, () -> failingStage(0))).isCompletedWithValue("value");
    assertThat(tries).isEqualTo(1);
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void run_failsTwice_triesAgainAfterEachWait() {
    CompletableFuture<String> result = retry.run(session, () -> failingStage(2));
    time.advance(millis(299));
    assertThat(result).isNotDone();
    time.advance(millis(1));
    assertThat(result).isCompletedWithValue("value");
    assertThat(log).containsExactly("0 attempt 1", "100 attempt 2", "300 attempt 3");
  }

  @Test
  void run_failsEveryTime_hasTheLastFailureItselfWithThoseBeforeIt() {
    CompletableFuture<String> result = retry.run(session, () -> failingStage(9));
    time.advance(millis(300));
    assertThat(failureOf(result)).isInstanceOf(IOException.class).hasMessage("failure 3");
    assertThat(suppressedOf(failureOf(result)))
        .containsExactly(
            "Attempt 1 of 3 of 'load' failed; the next was to begin 100 ms later.",
            "Attempt 2 of 3 of 'load' failed; the next was to begin 200 ms later.");
  }

  @Test
  void run_waitOfZero_triesAgainAtOnce() {
    CompletableFuture<String> result =
        retry.backoff(millis(0), millis(0)).run(session, () -> failingStage(2));
    time.settle();
    assertThat(result).isCompletedWithValue("value");
    assertThat(log).containsExactly("0 attempt 1", "0 attempt 2", "0 attempt 3");
  }

  @Test
  void run_veryManyAttemptsWithoutAWait_needNoStack() {
    CompletableFuture<String> result = Retry.attempts(20_000)
        .backoff(millis(0), millis(0))
        .run(session, () -> failingStage(15_000));
    time.settle();
    assertThat(result).isCompletedWithValue("value");
  }

  @Test
  void run_bodyThrowsAtAnyAttempt_countsAsItsFailure() {
    CompletableFuture<String> result = retry.run(session, () -> {
      if (tries++ == 1) {
        throw new IllegalStateException("at the second");
      }
      return CompletableFuture.failedFuture(new IOException("at the others"));
    });
    time.advance(seconds(1));
    assertThat(failureOf(result)).hasMessage("at the others");
    assertThat(failureOf(result).getSuppressed()[1].getCause()).hasMessage("at the second");
  }

  @Test
  void run_bodyReturnsNull_countsAsItsFailure() {
    CompletableFuture<String> result = Retry.attempts(1).run(session, () -> null);
    assertThat(failureOf(result)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void run_stageFailsThroughADependent_isJudgedByItsCause() {
    CompletableFuture<String> result = retry
        .retryIf(e -> e instanceof IllegalStateException)
        .run(
            session,
            () -> CompletableFuture.completedFuture("v").thenApply(v -> {
              tries++;
              throw new IllegalStateException("broken");
            }));
    time.advance(seconds(1));
    assertThat(tries).isEqualTo(3);
    assertThat(failureOf(result)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void run_errorsAndEndsByOthers_areNotTriedAgain() {
    for (Throwable never : List.of(
        new AssertionError("broken"),
        new InterruptedException("stop"),
        new CancellationException("stop"),
        new ClosedScopeException("closed"))) {
      tries = 0;
      CompletableFuture<String> result = retry.run(session, () -> {
        tries++;
        return CompletableFuture.failedFuture(never);
      });
      assertThat(failureOf(result)).isSameAs(never);
      assertThat(tries).isEqualTo(1);
    }
  }

  @Test
  void run_predicateListenerOrRandomThrows_theResultEnds() {
    CompletableFuture<String> predicate = retry
        .retryIf(e -> {
          throw new NoClassDefFoundError("x");
        })
        .run(session, () -> failingStage(9));
    assertThat(failureOf(predicate)).hasMessage("failure 1");
    tries = 0;
    CompletableFuture<String> listener = retry
        .onRetry((attempt, delay, error) -> {
          throw new NoClassDefFoundError("x");
        })
        .run(session, () -> failingStage(1));
    time.advance(seconds(1));
    assertThat(listener).isCompletedWithValue("value");
    tries = 0;
    RandomGenerator broken = () -> {
      throw new IllegalStateException("no luck");
    };
    CompletableFuture<String> random =
        retry.jitter(0.5, broken).run(session, () -> failingStage(1));
    assertThat(failureOf(random)).hasMessage("no luck");
    assertThat(failureOf(random).getSuppressed()[0]).hasMessage("failure 1");
  }

  // ---- limits

  @Test
  void eachWithin_attemptTakesTooLong_isCancelledAndTriedAgain() {
    CompletableFuture<String> result = retry.eachWithin(seconds(2)).run(session, this::newStage);
    time.advance(seconds(10));
    assertThat(log).containsExactly("0 attempt 1", "2100 attempt 2", "4300 attempt 3");
    assertThat(stages).allMatch(CompletableFuture::isCancelled);
    assertThat(failureOf(result))
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith("'app/session/load, attempt 3 of 3' was not done after 2 s");
  }

  @Test
  void within_overDuringAnAttempt_cancelsItAndEnds() {
    CompletableFuture<String> result = retry.within(seconds(5)).run(session, this::newStage);
    stage(1).completeExceptionally(new IOException("reset"));
    time.advance(seconds(5));
    assertThat(failureOf(result))
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith(
            "'app/session/load' was not done after 5 s in all (attempt 2 of 3)");
    assertThat(failureOf(result).getSuppressed()).hasSize(1);
    assertThat(stage(2)).isCancelled();
  }

  @Test
  void within_shorterThanTheNextWait_failsAtOnce() {
    CompletableFuture<String> result =
        retry.within(millis(250)).run(session, () -> failingStage(9));
    time.advance(millis(100));
    assertThat(failureOf(result)).hasMessage("failure 2");
    assertThat(suppressedOf(failureOf(result)).get(1)).contains("what is left, 150 ms of 250 ms");
  }

  // ---- given up

  @Test
  void cancel_duringAnAttempt_cancelsItAndEndsTheRun() {
    CompletableFuture<String> result = retry.within(seconds(9)).run(session, this::newStage);
    assertThat(timeouts()).hasSize(2);
    result.cancel(true);
    assertThat(stage(1)).isCancelled();
    assertThat(timeouts()).isEmpty();
    time.advance(seconds(1));
    assertThat(stages).hasSize(1);
  }

  @Test
  void cancel_duringAWait_endsTheRun() {
    CompletableFuture<String> result = retry.run(session, this::newStage);
    stage(1).completeExceptionally(new IOException("reset"));
    assertThat(timeouts()).hasSize(1);
    assertThat(timeouts().get(0).name()).isEqualTo("load, attempt 2 of 3");
    result.cancel(true);
    assertThat(timeouts()).isEmpty();
    time.advance(seconds(1));
    assertThat(stages).hasSize(1);
  }

  @Test
  void cancel_derivedStage_cancelsTheAttempt() {
    CompletableFuture<String> result = retry.run(session, this::newStage);
    result.thenApply(String::length).cancel(true);
    assertThat(result).isCancelled();
    assertThat(stage(1)).isCancelled();
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void cancel_byTheBodyOfAnAttempt_cancelsWhatThatBegan() {
    List<CompletableFuture<String>> result = new ArrayList<>();
    result.add(retry.run(session, () -> {
      if (tries++ == 1) {
        result.get(0).cancel(true);
      } else if (tries == 1) {
        return CompletableFuture.failedFuture(new IOException("reset"));
      }
      return newStage();
    }));
    time.advance(seconds(1));
    assertThat(result.get(0)).isCancelled();
    assertThat(stages).hasSize(1).allMatch(CompletableFuture::isCancelled);
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void cancel_byTheListener_endsTheRun() {
    List<CompletableFuture<String>> result = new ArrayList<>();
    result.add(retry
        .onRetry((attempt, delay, error) -> result.get(0).cancel(true))
        .run(session, this::newStage));
    stage(1).completeExceptionally(new IOException("reset"));
    assertThat(result.get(0)).isCancelled();
    assertThat(timeouts()).isEmpty();
    time.advance(seconds(1));
    assertThat(stages).hasSize(1);
  }

  // ---- owners

  @Test
  void run_ownerClosesDuringAnAttempt_cancelsItAndEnds() throws Exception {
    CompletableFuture<String> result = retry.run(session, this::newStage);
    time.run(session::close);
    time.settle();
    assertThat(failureOf(result)).isInstanceOf(ClosedScopeException.class);
    assertThat(stage(1)).isCancelled();
  }

  @Test
  void run_ownerClosesDuringAWait_ends() throws Exception {
    CompletableFuture<String> result = retry.run(session, () -> failingStage(9));
    CompletableFuture<String> limited =
        retry.within(seconds(9)).run(session, () -> failingStage(9));
    time.run(session::close);
    time.settle();
    assertThat(failureOf(result)).isInstanceOf(ClosedScopeException.class);
    assertThat(failureOf(limited)).isInstanceOf(ClosedScopeException.class);
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void run_rootClosesDuringManyWaits_allEnd() throws Exception {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      results.add(retry.run(session, () -> CompletableFuture.failedFuture(new IOException())));
    }
    time.run(app::close);
    time.settle();
    assertThat(results).allMatch(result -> failureOf(result) instanceof ClosedScopeException);
  }

  @Test
  void run_ownerIsClosed_failsAndDoesNotTry() {
    session.close();
    assertThat(failureOf(retry.run(session, this::newStage)))
        .isInstanceOf(ClosedScopeException.class);
    assertThat(failureOf(retry.within(seconds(1)).run(session, this::newStage)))
        .isInstanceOf(ClosedScopeException.class);
    assertThat(stages).isEmpty();
  }

  @Test
  void run_manyThatEndEarly_leaveNoTimerAtOnce() {
    Retry limited = retry.within(seconds(60));
    for (int i = 0; i < 100_000; i++) {
      CompletableFuture<String> stage = new CompletableFuture<>();
      CompletableFuture<String> result = limited.run(session, () -> stage);
      switch (i % 4) {
        case 0 -> stage.complete("value");
        case 1 -> stage.completeExceptionally(new CancellationException());
        case 2 -> result.cancel(true);
        default -> result.thenApply(String::length).cancel(true);
      }
    }
    assertThat(OwnerNode.of(session).timers().size()).isZero();
  }
}
