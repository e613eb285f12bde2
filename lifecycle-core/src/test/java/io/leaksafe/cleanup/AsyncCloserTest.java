package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AsyncCloserTest extends CleanupTestCase {

  private final CleanupManager app = manager();

  private Handle<String> async(Scope scope, String name, CompletableFuture<?> stage) {
    return scope.registerAsync(name, name, resource -> {
      log.add(resource);
      return stage;
    });
  }

  @Test
  void close_withAStageThatCompletesLater_waitsForIt() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    open(app, "closes after it");
    async(app, "async", stage);
    time.run(() -> {
      start("completer", () -> {
        time.sleep(millis(300));
        log.add("completed");
        stage.complete("value");
      });
      CloseReport report = app.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(entryOf(report, "async").took()).isEqualTo(millis(300));
    });
    assertThat(log).containsExactly("async", "completed", "closes after it");
  }

  @Test
  void close_withAStageThatFails_reportsItsFailure() {
    IOException failure = new IOException("disk full");
    async(app, "async", CompletableFuture.failedFuture(failure));
    CloseReport report = app.shutdown();
    assertThat(outcomeOf(report, "async")).isEqualTo(Outcome.FAILED);
    assertThat(entryOf(report, "async").error()).isSameAs(failure);
  }

  @Test
  void close_withADependentStageThatFails_reportsTheCauseAndNotItsWrapper() {
    IllegalStateException failure = new IllegalStateException("disk full");
    async(app, "async", CompletableFuture.completedFuture("x").thenApply(x -> {
      throw failure;
    }));
    assertThat(entryOf(app.shutdown(), "async").error()).isSameAs(failure);
  }

  @Test
  void close_withABareCompletionException_reportsThat() {
    CompletionException bare = new CompletionException("without a cause", null);
    async(app, "async", CompletableFuture.failedFuture(bare));
    assertThat(entryOf(app.shutdown(), "async").error()).isSameAs(bare);
  }

  @Test
  void close_withACancelledStage_reportsTheCancellation() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    stage.cancel(true);
    async(app, "async", stage);
    assertThat(entryOf(app.shutdown(), "async").error()).isInstanceOf(CancellationException.class);
  }

  @Test
  void close_withAStageThatFailsWithAnError_reportsIt() {
    AssertionError failure = new AssertionError("disk full");
    async(app, "async", CompletableFuture.failedFuture(failure));
    assertThat(entryOf(app.shutdown(), "async").error()).isSameAs(failure);
  }

  @Test
  void close_withAStageThatFailsWithNeitherExceptionNorError_reportsIt() {
    Throwable failure = new Throwable("neither");
    async(app, "async", CompletableFuture.failedFuture(failure));
    assertThat(entryOf(app.shutdown(), "async").error()).isSameAs(failure);
  }

  @Test
  void close_withoutAStage_saysWhatIsMissing() {
    app.registerAsync("async", "async", resource -> null);
    CloseReport report = app.shutdown();
    assertThat(outcomeOf(report, "async")).isEqualTo(Outcome.FAILED);
    assertThat(entryOf(report, "async").error())
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the stage returned by the closer given to registerAsync must not be null.");
  }

  @Test
  void close_whoseStartThrows_reportsThat() {
    IllegalStateException failure = new IllegalStateException("not connected");
    app.registerAsync("async", "async", resource -> {
      throw failure;
    });
    assertThat(entryOf(app.shutdown(), "async").error()).isSameAs(failure);
  }

  @Test
  void close_withAStageThatNeverCompletes_givesItUpAndKeepsNoThread() throws Exception {
    CompletableFuture<String> never = new CompletableFuture<>();
    open(app, "closes all the same");
    async(app, "never", never);
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.complete()).isFalse();
      assertThat(outcomeOf(report, "never")).isEqualTo(Outcome.HUNG);
      assertThat(names(app.handles())).containsExactly("never");
      assertThat(report.took()).isLessThan(millis(5_100));
    });
    assertThat(log).containsExactly("never", "closes all the same");
    time.settle();
    assertThat(time.describe().lines().skip(1)).isEmpty();
    never.complete("for the books");
  }

  @Test
  void close_withAStageThatCompletesLate_turnsHungIntoLate() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    async(app, "async", stage);
    time.run(() -> {
      CloseReport before = app.shutdown();
      assertThat(outcomeOf(before, "async")).isEqualTo(Outcome.HUNG);
      time.sleep(seconds(10));
      stage.complete("at last");
      CloseReport after = app.report();
      assertThat(outcomeOf(after, "async")).isEqualTo(Outcome.LATE);
      assertThat(after.complete()).isTrue();
      assertThat(after.live()).isEmpty();
      assertThat(after.clean()).isFalse();
      assertThat(outcomeOf(before, "async")).isEqualTo(Outcome.HUNG);
      assertThat(app.handles()).isEmpty();
    });
  }

  @Test
  void close_withAStageThatFailsLate_reportsThatFailure() throws Exception {
    IOException failure = new IOException("disk full");
    CompletableFuture<String> stage = new CompletableFuture<>();
    async(app, "async", stage);
    time.run(() -> {
      app.shutdown();
      stage.completeExceptionally(failure);
      assertThat(outcomeOf(app.report(), "async")).isEqualTo(Outcome.LATE);
      assertThat(entryOf(app.report(), "async").error()).isSameAs(failure);
    });
  }

  @Test
  void close_withAStageThatCompletesInItsGrace_isTimedOut() throws Exception {
    // its closer is interrupted, and what it leaves behind ends before anybody is told
    CompletableFuture<String> stage = new CompletableFuture<>();
    async(app, "async", stage).timeout(millis(100));
    open(app, "next");
    time.run(() -> {
      start("completer", () -> {
        time.sleep(millis(110));
        stage.complete("nearly");
      });
      openSlow(app, "takes a while", millis(0));
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "async")).isIn(Outcome.TIMED_OUT, Outcome.LATE, Outcome.HUNG);
      assertThat(outcomeOf(app.report(), "next")).isEqualTo(Outcome.CLOSED);
    });
  }

  // ---- closed early

  @Test
  void handleClose_withAStageThatCompletesLater_returnsThen() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Handle<String> handle = async(app, "async", stage);
    time.run(() -> {
      start("completer", () -> {
        time.sleep(seconds(30));
        stage.complete("value");
      });
      assertThat(timed(handle::close)).isEqualTo(seconds(30));
    });
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void handleClose_withATimeout_givesTheStageUpAndKeepsTheHandleLive() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Handle<String> handle = async(app, "async", stage).timeout(seconds(1));
    time.run(() -> {
      Duration took = timed(() -> assertThatThrownBy(handle::close)
          .isInstanceOf(CleanupException.class)
          .hasMessageContaining("'app/async'"));
      assertThat(took).isEqualTo(seconds(1));
      assertThat(names(app.handles())).containsExactly("async");
      stage.complete("late");
      assertThat(app.handles()).isEmpty();
    });
  }

  @Test
  void handleClose_interruptedWhileItWaits_stopsWaitingAndKeepsTheInterrupt() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Handle<String> handle = async(app, "async", stage);
    time.run(() -> {
      Thread closer = start("closer", () -> {
        Throwable thrown = catchThrowable(handle::close);
        log.add("interrupted: " + Thread.currentThread().isInterrupted());
        assertThat(thrown).isInstanceOf(CleanupException.class);
      });
      time.sleep(seconds(1));
      closer.interrupt();
      join(closer);
      assertThat(names(app.handles())).containsExactly("async");
      stage.complete("late");
      assertThat(app.handles()).isEmpty();
    });
    assertThat(log).containsExactly("async", "interrupted: true");
  }

  @Test
  void handleClose_givenUp_tellsTheListenerAgainWhenTheStageFails() throws Exception {
    IOException failure = new IOException("disk full");
    CompletableFuture<String> stage = new CompletableFuture<>();
    CleanupManager told = build(CleanupManager.builder("told").listener(new CleanupListener() {
      @Override
      public void closed(CloseReport.Entry entry) {
        log.add(entry.outcome() + " " + entry.error());
      }
    }));
    Handle<String> handle = told.registerAsync("async", "async", resource -> stage);
    time.run(() -> {
      Thread closer = start(
          "closer", () -> assertThatThrownBy(handle::close).isInstanceOf(CleanupException.class));
      time.sleep(seconds(1));
      closer.interrupt();
      join(closer);
      stage.completeExceptionally(failure);
    });
    assertThat(log).containsExactly("HUNG null", "LATE " + failure);
  }
}
