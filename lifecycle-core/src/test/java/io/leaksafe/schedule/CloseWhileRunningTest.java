package io.leaksafe.schedule;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupException;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseWhileRunningTest extends SchedulerTestCase {

  private void logAfter(VirtualScheduler.Body body) throws Exception {
    time.run(body);
    log("closed");
  }

  private static Entry entry(CloseReport report, String path) {
    return report.entries().stream()
        .filter(each -> each.handle().path().endsWith(path))
        .findFirst()
        .orElseThrow();
  }

  // ---- waits

  @Test
  void close_handleOfARunningTask_waitsForItsRun() throws Exception {
    Handle<Action> sweep = timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    time.advance(ofSeconds(6));
    logAfter(sweep::close);
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 sweep begins", "7000 sweep ends", "7000 closed");
  }

  @Test
  void close_handleOfARunningOneShot_waitsForItsRun() throws Exception {
    Handle<Action> redial = timers.after(ofSeconds(5), takes("redial", ofSeconds(2)));
    time.advance(ofSeconds(6));
    logAfter(redial::close);
    assertThat(log).containsExactly("5000 redial begins", "7000 redial ends", "7000 closed");
  }

  @Test
  void close_handleOfATaskThatDoesNotRun_returnsAtOnce() throws Exception {
    timers.every("other", ofSeconds(5), takes("other", ofSeconds(2)));
    Handle<Action> sweep = timers.every("sweep", ofSeconds(50), logs("sweep"));
    time.advance(ofSeconds(6));
    logAfter(sweep::close);
    assertThat(log).containsExactly("5000 other begins", "6000 closed");
  }

  @Test
  void shutdown_tasksRun_waitsForAllAndStartsNone() throws Exception {
    timers.every("a", ofSeconds(5), takes("a", ofMillis(1_500)));
    timers.every("b", ofSeconds(5), takes("b", ofSeconds(2)));
    timers.every("c", ofSeconds(6), logs("c"));
    time.advance(ofMillis(5_900));
    logAfter(app::shutdown);
    time.advance(ofSeconds(60));
    assertThat(log)
        .containsExactly(
            "5000 a begins", "5000 b begins", "6500 a ends", "7000 b ends", "7000 closed");
    assertThat(app.report().clean()).isTrue();
  }

  @Test
  void shutdown_resourceUsedByARunningTask_closesAfterIt() throws Exception {
    app.register("pool", "pool", pool -> log("pool closes"));
    timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    time.advance(ofSeconds(6));
    time.run(app::shutdown);
    assertThat(log).containsExactly("5000 sweep begins", "7000 sweep ends", "7000 pool closes");
  }

  @Test
  void shutdown_dueWhileAllThreadsAreBusy_runsNoMore() throws Exception {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      timers.after(ofSeconds(1), () -> time.sleep(ofSeconds(2)));
    }
    timers.after(ofSeconds(1), logs("queued"));
    time.advance(ofSeconds(2));
    logAfter(app::shutdown);
    assertThat(log).containsExactly("3000 closed");
  }

  @Test
  void close_taskThatFailsMeanwhile_doesNotFail() throws Exception {
    Handle<Action> sweep = timers.every("sweep", ofSeconds(5), () -> {
      time.sleep(ofSeconds(1));
      throw new IllegalStateException("broken");
    });
    time.advance(ofSeconds(5));
    logAfter(sweep::close);
    assertThat(log).containsExactly("6000 closed");
  }

  @Test
  void close_threadInterruptedBefore_waitsAllTheSameAndKeepsItsFlag() throws Exception {
    Handle<Action> sweep = timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    time.advance(ofSeconds(6));
    time.run(() -> {
      Thread.currentThread().interrupt();
      sweep.close();
      log("closed, interrupted " + Thread.interrupted());
    });
    assertThat(log)
        .containsExactly("5000 sweep begins", "7000 sweep ends", "7000 closed, interrupted true");
  }

  // ---- the end of the share

  private void sleepWell() throws InterruptedException {
    time.sleep(ofHours(1));
  }

  private void sleepDeaf() {
    time.sleepUninterruptibly(ofHours(1));
  }

  @Test
  void shutdown_taskThatObeysTheInterrupt_isTimedOutWithItsOwnStack() throws Exception {
    timers.every("stuck", ofSeconds(1), this::sleepWell);
    time.advance(ofSeconds(2));
    CloseReport report = time.call(app::shutdown);
    Entry stuck = entry(report, "timers/stuck");
    assertThat(stuck.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(stuck.stuckAt())
        .as("the stack of the task, not of the thread that closes it")
        .extracting(StackTraceElement::getMethodName)
        .contains("sleep");
    assertThat(report.complete()).isTrue();
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofSeconds(7));
    assertThat(messages())
        .containsExactly("Timer 'CloseWhileRunningTest/timers/stuck' failed in run 1, every 1 s.");
  }

  @Test
  void shutdown_taskThatIgnoresTheInterrupt_isHungWithItsOwnStackAndLateWhenItEnds()
      throws Exception {
    timers.every("stuck", ofSeconds(1), this::sleepDeaf);
    time.advance(ofSeconds(2));
    CloseReport report = time.call(app::shutdown);
    Entry stuck = entry(report, "timers/stuck");
    assertThat(stuck.outcome()).isEqualTo(Outcome.HUNG);
    assertThat(stuck.stuckAt())
        .as("the stack of the task, not of the thread that closes it")
        .extracting(StackTraceElement::getMethodName)
        .contains("sleepUninterruptibly");
    assertThat(report.live()).containsExactly(stuck);
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofMillis(7_100));
    assertThat(timerPaths()).containsExactly("timers/stuck");

    time.advance(ofHours(1));
    Entry late = entry(app.report(), "timers/stuck");
    assertThat(late.outcome()).isEqualTo(Outcome.LATE);
    assertThat(app.report().live()).isEmpty();
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void shutdown_severalTasksThatIgnoreTheInterrupt_endsInTimeAndClosesTheRest() throws Exception {
    app.register("pool", "pool", pool -> log("pool closes"));
    for (int i = 0; i < 5; i++) {
      timers.every("stuck-" + i, ofSeconds(1), this::sleepDeaf);
    }
    timers.every("well", ofSeconds(1), logs("well"));
    time.advance(ofMillis(1_500));
    CloseReport report = time.call(app::shutdown);
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofMillis(6_600));
    assertThat(log).hasSizeGreaterThan(1).last().asString().endsWith("pool closes");
    assertThat(report.live()).hasSize(5);
    assertThat(entry(report, "pool").outcome()).isEqualTo(Outcome.CLOSED);
    assertThat(entry(report, "timers/well").outcome()).isEqualTo(Outcome.CLOSED);
    time.advance(ofHours(2));
  }

  @Test
  void shutdown_timeoutOfTheTimersOwn_isItsShare() throws Exception {
    timers.every("stuck", ofSeconds(1), this::sleepWell).timeout(ofMillis(300));
    time.advance(ofSeconds(2));
    CloseReport report = time.call(app::shutdown);
    assertThat(entry(report, "timers/stuck").outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(time.elapsed()).isBetween(ofMillis(2_300), ofMillis(2_400));
  }

  @Test
  void close_handleOfATaskThatObeysTheInterrupt_throwsWithItsStack() throws Exception {
    Handle<Action> stuck =
        timers.every("stuck", ofSeconds(1), this::sleepWell).timeout(ofSeconds(1));
    time.advance(ofSeconds(2));
    time.run(() -> assertThatThrownBy(stuck::close)
        .isInstanceOfSatisfying(CleanupException.class, e -> {
          assertThat(e.report().entries()).hasSize(1);
          assertThat(e.report().entries().get(0).outcome()).isEqualTo(Outcome.TIMED_OUT);
        })
        .hasMessageContaining("'CloseWhileRunningTest/timers/stuck'")
        .hasMessageContaining("It is at "));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
    assertThat(timers.size()).isZero();
  }

  @Test
  void close_handleOfATaskThatIgnoresTheInterrupt_throwsInTimeAndStaysLiveUntilThatEnds()
      throws Exception {
    Handle<Action> stuck = timers.every("stuck", ofSeconds(1), this::sleepDeaf);
    time.advance(ofSeconds(2));
    time.run(() -> assertThatThrownBy(stuck::close)
        .isInstanceOfSatisfying(
            CleanupException.class,
            e -> assertThat(e.report().entries().get(0).outcome()).isEqualTo(Outcome.HUNG)));
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofMillis(7_100));
    assertThat(timerPaths()).containsExactly("timers/stuck");
    assertThat(timers.size()).isOne();
    time.advance(ofHours(1));
    assertThat(timers.size()).isZero();
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void shutdown_taskOfAViewThatIgnoresTheInterrupt_hangsInItsOwnScopeAlone() throws Exception {
    Scope session = app.child("session");
    timers.ownedBy(session).every("stuck", ofSeconds(1), this::sleepDeaf);
    timers.every("sweep", ofSeconds(1), logs("sweep"));
    time.advance(ofMillis(1_500));
    CloseReport report = time.call(session::shutdown);
    assertThat(time.elapsed()).as("the caller is let go").isLessThanOrEqualTo(ofMillis(6_600));
    assertThat(entry(report, "session/timers/stuck").outcome()).isEqualTo(Outcome.HUNG);
    time.advance(ofSeconds(1));
    assertThat(log.get(log.size() - 1)).endsWith(" sweep");
    time.advance(ofHours(1));
    assertThat(session.handles()).isEmpty();
  }

  // ---- where the interrupt goes

  /** Closes a task that runs, and then runs others on the same worker, which say whether they saw an interrupt. */
  private void closeAndRunOthers(Action stuck) throws Exception {
    Scope session = app.child("session");
    List<String> workers = new ArrayList<>();
    timers.ownedBy(session).every("stuck", ofSeconds(1), () -> {
      workers.add(Thread.currentThread().getName());
      stuck.run();
    });
    time.advance(ofSeconds(2));
    time.run(session::shutdown);
    for (int i = 1; i <= 3; i++) {
      timers.after(ofMillis(i), () -> {
        workers.add(Thread.currentThread().getName());
        log("interrupted " + Thread.currentThread().isInterrupted());
      });
    }
    time.advance(ofMillis(3));
    assertThat(log)
        .extracting(line -> line.substring(line.indexOf(' ') + 1))
        .containsExactly("interrupted false", "interrupted false", "interrupted false");
    assertThat(workers).containsOnly(workers.get(0)).hasSize(4);
  }

  @Test
  void shutdown_taskInterrupted_theNextOnItsWorkerIsNot() throws Exception {
    closeAndRunOthers(this::sleepWell);
  }

  @Test
  void shutdown_taskInterruptedThatKeepsItsFlag_theNextOnItsWorkerIsNot() throws Exception {
    closeAndRunOthers(() -> {
      try {
        sleepWell();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Test
  void shutdown_taskThatIgnoresTheInterrupt_theNextOnItsWorkerIsNotInterrupted() throws Exception {
    closeAndRunOthers(() -> time.sleepUninterruptibly(ofMillis(6_010)));
  }

  @Test
  void every_taskThatInterruptsItself_startsItsNextRunWithoutTheFlag() {
    timers.every("sweep", ofSeconds(1), () -> {
      log("interrupted " + Thread.currentThread().isInterrupted());
      Thread.currentThread().interrupt();
    });
    time.advance(ofSeconds(2));
    assertThat(log).containsExactly("1000 interrupted false", "2000 interrupted false");
  }

  @Test
  void shutdown_oneTaskIsStuck_theOthersAreNotInterrupted() throws Exception {
    Duration untilTheEnd = ofMillis(3_300);
    timers.every("well", ofSeconds(1), takes("well", untilTheEnd));
    timers.every("stuck", ofSeconds(1), this::sleepWell); // the last opened closes first
    time.advance(ofSeconds(1));
    CloseReport report = time.call(app::shutdown);
    assertThat(entry(report, "timers/stuck").outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(entry(report, "timers/well").outcome()).isEqualTo(Outcome.CLOSED);
    assertThat(log).containsExactly("1000 well begins", "4300 well ends");
  }
}
