package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What becomes of a result with a limit. */
class WithinTest extends WithinTestCase {

  // ---- by the source

  @Test
  void within_sourceCompletes_resultHasItsValueAndTheTimerIsGone() {
    CompletableFuture<String> result = pendingResult();
    source.complete("value");
    assertThat(result).isCompletedWithValue("value");
    assertNoTimer();
  }

  @Test
  void within_sourceCompletesWithNull_resultHasNullAndTheTimerIsGone() {
    CompletableFuture<String> result = pendingResult();
    source.complete(null);
    assertThat(result).isCompletedWithValue(null);
    assertNoTimer();
  }

  @Test
  void within_sourceFails_resultHasTheSameFailureAndTheTimerIsGone() {
    CompletableFuture<String> result = pendingResult();
    IOException failure = new IOException("reset");
    source.completeExceptionally(failure);
    assertThat(failureOf(result)).isSameAs(failure);
    assertNoTimer();
  }

  @Test
  void within_sourceIsCancelled_resultIsCancelled() {
    CompletableFuture<String> result = pendingResult();
    source.cancel(true);
    assertThat(result).isCancelled();
    assertNoTimer();
  }

  @Test
  void within_sourceCompletes_dependentsRunOnItsThreadAndSeeNoTimer() throws Exception {
    CompletableFuture<String> result = pendingResult();
    AtomicReference<String> ran = new AtomicReference<>();
    result.thenAccept(value -> ran.set(Thread.currentThread().getName() + " " + pending()));
    Thread completer = time.startThread("source", () -> source.complete("value"));
    time.settle();
    assertThat(ran).hasValue("source 0");
    assertThat(time.join(completer, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void within_sourceIsDone_costsNoTimerAndNoThread() {
    source.complete("value");
    CompletableFuture<String> result = within(SECOND);
    assertThat(result).isCompletedWithValue("value").isSameAs(source);
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  @Test
  void within_sourceHasFailed_resultHasTheSameFailure() {
    IOException failure = new IOException("reset");
    source.completeExceptionally(failure);
    assertThat(failureOf(within(SECOND))).isSameAs(failure);
    assertNoTimer();
  }

  @Test
  void within_sourceFailedByADependent_joinSaysWhatJoinOfTheSourceSays() {
    CompletableFuture<String> derived = source.thenApply(value -> {
      throw new IllegalStateException("broken");
    });
    CompletableFuture<String> result = Timeouts.within(session, SECOND, () -> derived);
    source.complete("value");
    assertThatThrownBy(result::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void within_minimalStage_worksAndIsLeftToItself() {
    CompletableFuture<String> result =
        Timeouts.within(session, SECOND, source::minimalCompletionStage);
    CompletableFuture<String> other =
        Timeouts.within(session, SECOND, source::minimalCompletionStage);
    assertThat(result.cancel(true)).isTrue();
    assertThat(source).isNotDone();
    source.complete("value");
    assertThat(other).isCompletedWithValue("value");
    assertNoTimer();
  }

  @Test
  void within_minimalStageThatIsDone_hasItsValue() {
    source.complete("value");
    assertThat(Timeouts.within(session, SECOND, source::minimalCompletionStage))
        .isCompletedWithValue("value");
    assertNoTimer();
  }

  // ---- by the limit

  @Test
  void within_limitPasses_resultTimesOutAndTheSourceIsCancelled() {
    CompletableFuture<String> result = pendingResult();
    time.advance(seconds(2).minusNanos(1));
    assertThat(result).isNotDone();
    time.advance(Duration.ofNanos(1));
    assertThat(failureOf(result))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("'app/session/load' was not done after 2 s; it was cancelled. "
            + "Raise the limit, or find out what it waits for.");
    assertThat(source).isCancelled();
    assertNoTimer();
  }

  @Test
  void within_limitPasses_dependentsRunOnAThreadOfTheManagerThatIsNotTheTimers() {
    AtomicReference<String> ran = new AtomicReference<>();
    pendingResult().whenComplete((v, e) -> ran.set(Thread.currentThread().getName()));
    time.advance(seconds(2));
    assertThat(ran).hasValue("app-timeout-1");
  }

  @Test
  void within_sourceThatRunsLongWhenCancelled_doesNotDelayTheResult() {
    AtomicReference<Duration> ended = new AtomicReference<>();
    source.whenComplete((v, e) -> sleep(seconds(10)));
    pendingResult().whenComplete((v, e) -> ended.set(time.elapsed()));
    time.advance(seconds(2));
    assertThat(ended).hasValue(seconds(2));
    time.advance(seconds(10));
  }

  @Test
  void within_dependentThatRunsLong_delaysNoOtherTimeout() {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      CompletableFuture<String> result =
          Timeouts.within(session, SECOND, CompletableFuture<String>::new);
      result.whenComplete((v, e) -> sleep(seconds(30)));
      results.add(result);
    }
    time.advance(SECOND);
    assertThat(results).allMatch(CompletableFuture::isDone);
    time.advance(seconds(30));
  }

  private void sleep(Duration length) {
    time.sleepUninterruptibly(length);
  }

  @Test
  void within_limitTooLargeToCount_neverTimesOut() {
    CompletableFuture<String> result = within(FOREVER);
    time.advance(Duration.ofDays(365 * 50));
    assertThat(result).isNotDone();
    assertThat(timeouts().get(0).details()).containsOnly(java.util.Map.entry("limit", "none"));
    source.complete("late");
    assertThat(result).isCompletedWithValue("late");
  }

  @Test
  void within_noTimeLeft_timesOutAtOnceAndDoesNotRunTheBody() {
    for (Duration none : List.of(Duration.ZERO, millis(-3))) {
      CompletableFuture<String> result = Timeouts.within(session, "load", none, () -> {
        throw new AssertionError("must not run");
      });
      assertThat(failureOf(result)).isInstanceOf(TimeoutException.class);
    }
    assertThat(failureOf(within(millis(-3))))
        .hasMessage(
            "'app/session/load' was not started, since its limit of -3 ms leaves it no time. "
                + "Begin earlier, or raise the limit.");
  }

  // ---- by the owner

  @Test
  void within_ownerClosesMeanwhile_resultSaysSoAndTheSourceIsCancelled() throws Exception {
    CompletableFuture<String> result = pendingResult();
    time.advance(millis(300));
    time.run(session::close);
    time.settle();
    assertThat(failureOf(result))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageMatching("'app/session' is clos(ing|ed); 'load' was cancelled after 300 ms. "
            + "Let it end before close\\(\\), or give it an owner that lives longer.");
    assertThat(source).isCancelled();
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void within_rootClosesMeanwhile_everyResultEnds() throws Exception {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      results.add(Timeouts.within(app, SECOND, CompletableFuture<String>::new));
    }
    time.run(app::close);
    time.settle();
    assertThat(results).allMatch(result -> failureOf(result) instanceof ClosedScopeException);
  }

  @Test
  void within_ownerIsClosed_failsAndDoesNotRunTheBody() {
    session.close();
    CompletableFuture<String> result = Timeouts.within(session, "load", SECOND, () -> {
      throw new AssertionError("must not run");
    });
    assertThat(failureOf(result))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/session' is closed; 'load' was not waited for. "
            + "Begin before close(), or give it an owner that lives longer.");
  }

  @Test
  void within_ownerIsClosedByTheBody_failsAndCancelsTheSource() {
    CompletableFuture<String> result = Timeouts.within(session, "load", SECOND, () -> {
      session.close();
      return source;
    });
    assertThat(failureOf(result)).isInstanceOf(ClosedScopeException.class);
    assertThat(source).isCancelled();
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void within_inACloserOfItsOwner_hasItsLimit() throws Exception {
    session.defer("flush", () -> {
      CompletableFuture<String> result = within(millis(200));
      assertThatThrownBy(() -> await(result)).isInstanceOf(TimeoutException.class);
      log("timed out");
    });
    time.run(session::close);
    assertThat(log).containsExactly("200 timed out");
  }

  private void await(CompletableFuture<?> future) throws Throwable {
    Thread self = Thread.currentThread();
    future.whenComplete((v, e) -> time.unpark(self));
    while (!future.isDone()) {
      time.park(future, Long.MAX_VALUE);
    }
    if (future.isCompletedExceptionally()) {
      throw failureOf(future);
    }
  }

  @Test
  void within_pendingWhenItsOwnersCloseEnds_endsThen() throws Exception {
    for (CleanupManager root : List.of(other("a"), other("b"))) {
      Scope owner = root.name().equals("a") ? root : root.child("child");
      List<CompletableFuture<String>> late = new ArrayList<>();
      owner.defer("last", () -> late.add(Timeouts.within(owner, FOREVER, CompletableFuture::new)));
      time.run(root::close);
      time.settle();
      assertThat(failureOf(late.get(0))).isInstanceOf(ClosedScopeException.class);
    }
  }

  private CleanupManager other(String name) {
    return CleanupManager.builder(name).timeSource(time).build();
  }

  // ---- bodies and arguments

  @Test
  void within_bodyThrows_isTheResultsFailure() {
    for (Throwable failure : List.of(new IllegalStateException("a"), new AssertionError("b"))) {
      CompletableFuture<String> result = Timeouts.within(session, SECOND, () -> {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      });
      assertThat(failureOf(result)).isSameAs(failure);
    }
    assertNoTimer();
  }

  @Test
  void within_bodyReturnsNull_isTheResultsFailure() {
    CompletableFuture<String> result = Timeouts.within(session, "load", SECOND, () -> null);
    assertThat(failureOf(result))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the stage returned by the body of 'load' must not be null.");
    assertNoTimer();
  }

  @Test
  void within_stageThatRefusesToBeAttachedTo_failsAndLeavesNoTimer() {
    CompletableFuture<String> broken = new CompletableFuture<>() {
      @Override
      public <U> CompletableFuture<U> handle(
          java.util.function.BiFunction<? super String, Throwable, ? extends U> callback) {
        throw new IllegalStateException("no");
      }
    };
    assertThat(failureOf(Timeouts.within(session, SECOND, () -> broken))).hasMessage("no");
    assertThat(broken).isCancelled();
    assertNoTimer();
  }

  @Test
  void within_stageWhoseCancelThrows_endsAllTheSame() {
    CompletableFuture<String> broken = new CompletableFuture<>() {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        throw new IllegalStateException("no");
      }
    };
    CompletableFuture<String> result = Timeouts.within(session, SECOND, () -> broken);
    assertThat(result.cancel(true)).isTrue();
    assertNoTimer();
  }

  @Test
  void within_badArguments_throwsAndSaysWhich() {
    Supplier<CompletionStage<String>> body = () -> source;
    assertThatThrownBy(() -> Timeouts.within(null, SECOND, body))
        .hasMessage("owner must not be null.");
    assertThatThrownBy(() -> Timeouts.within(app, null, body))
        .hasMessage("limit must not be null.");
    assertThatThrownBy(() -> Timeouts.within(app, SECOND, null))
        .hasMessage("body must not be null.");
    assertThatThrownBy(() -> Timeouts.within(app, " ", SECOND, body))
        .hasMessageStartingWith("name must not be blank");
  }

  // ---- listed

  @Test
  void handles_whilePending_listItWithItsLimit() {
    pendingResult();
    time.advance(millis(500));
    assertThat(timeouts()).hasSize(1);
    assertThat(timeouts().get(0).path()).isEqualTo("app/session/load");
    assertThat(timeouts().get(0).details().toString()).isEqualTo("{limit=2 s, left=1.5 s}");
    source.complete("value");
    assertThat(timeouts()).isEmpty();
  }

  // ---- many, and at once

  @Test
  void within_manyThatEndEarly_leaveNoTimerAtOnce() {
    for (int i = 0; i < 100_000; i++) {
      CompletableFuture<String> each = new CompletableFuture<>();
      CompletableFuture<String> result = Timeouts.within(session, seconds(30), () -> each);
      switch (i % 4) {
        case 0 -> each.complete("value");
        case 1 -> each.completeExceptionally(new CancellationException());
        case 2 -> result.cancel(true);
        default -> result.thenApply(String::length).cancel(true);
      }
    }
    assertNoTimer();
  }

  @Test
  void within_endsMeet_oneWins() throws Exception {
    for (int round = 0; round < 200; round++) {
      CompletableFuture<String> each = new CompletableFuture<>();
      CompletableFuture<String> result = Timeouts.within(session, SECOND, () -> each);
      AtomicInteger dependents = new AtomicInteger();
      result.whenComplete((v, e) -> dependents.incrementAndGet());
      Thread one = new Thread(() -> each.complete("value"));
      Thread two = new Thread(() -> result.cancel(true));
      one.start();
      two.start();
      one.join();
      two.join();
      assertThat(dependents).hasValue(1);
      assertThat(result.isCancelled() || "value".equals(result.join())).isTrue();
    }
    assertNoTimer();
  }
}
