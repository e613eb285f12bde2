package io.leaksafe.schedule;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.Test;

/** The JDK's contract at the end of the executor, and what the end of its scope adds to it. */
@SuppressWarnings("FutureReturnValueIgnored") // the log tells what became of it
class ExecutorShutdownTest extends ExecutorTestCase {

  /** A task that obeys an interrupt. */
  private Callable<String> sleeps(long seconds) {
    return () -> {
      log("begins");
      try {
        time.sleep(ofSeconds(seconds));
        log("ends");
      } catch (InterruptedException e) {
        log("interrupted");
      }
      return "done";
    };
  }

  // ---- shutdown()

  @Test
  void shutdown_delayedTasks_stillRun() {
    ScheduledFuture<?> future = executor.schedule(runs("delayed"), 5, SECONDS);
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(isListed()).isTrue();
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("5000 delayed");
    assertThat(future.isDone()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(isListed()).isFalse();
  }

  @Test
  void shutdown_periodicTasks_end() {
    ScheduledFuture<?> rate = executor.scheduleAtFixedRate(runs("rate"), 1, 1, SECONDS);
    ScheduledFuture<?> delay = executor.scheduleWithFixedDelay(runs("delay"), 1, 1, SECONDS);
    executor.shutdown();
    assertThat(rate.isCancelled()).isTrue();
    assertThat(delay.isCancelled()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    time.advance(ofSeconds(5));
    assertThat(log).isEmpty();
  }

  @Test
  void shutdown_runningPeriodicTask_endsItsRunAndNoMore() {
    executor.scheduleAtFixedRate(
        () -> {
          log("begins");
          time.sleepUninterruptibly(ofSeconds(3));
          log("ends");
        },
        1,
        1,
        SECONDS);
    time.advance(ofSeconds(2));
    executor.shutdown();
    assertThat(executor.isTerminated()).isFalse();
    time.advance(ofSeconds(9));
    assertThat(log).containsExactly("1000 begins", "4000 ends");
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdown_nothingSubmitted_isTerminatedAndItsHandleGone() {
    assertThat(executor.isShutdown()).isFalse();
    assertThat(executor.isTerminated()).isFalse();
    executor.shutdown();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(isListed()).isFalse();
  }

  @Test
  void shutdown_twice_changesNothing() {
    executor.schedule(runs("delayed"), 5, SECONDS);
    executor.shutdown();
    executor.shutdown();
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("5000 delayed");
  }

  @Test
  void shutdown_tasksOfTheScheduler_goOn() {
    timers.every("sweep", ofSeconds(1), logs("sweep"));
    executor.scheduleAtFixedRate(runs("rate"), 1, 1, SECONDS);
    executor.shutdownNow();
    time.advance(ofSeconds(2));
    assertThat(log).containsExactly("1000 sweep", "2000 sweep");
  }

  @Test
  void schedule_afterShutdown_isRejected() {
    executor.shutdown();
    String message =
        "Executor 'ExecutorShutdownTest/timers/executor-1' is shut down; the task was not "
            + "accepted. Submit it before shutdown(), or to an executor that lives longer.";
    assertThatThrownBy(() -> executor.execute(runs("task")))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> executor.schedule(runs("task"), 1, SECONDS))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> executor.schedule(() -> "", 1, SECONDS))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.scheduleAtFixedRate(runs("task"), 1, 1, SECONDS))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.scheduleWithFixedDelay(runs("task"), 1, 1, SECONDS))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.submit(runs("task")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.submit(() -> ""))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.invokeAll(List.of(() -> "")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.invokeAny(List.of(() -> "")))
        .isInstanceOf(RejectedExecutionException.class);
    time.advance(ofSeconds(2));
    assertThat(log).isEmpty();
  }

  // ---- shutdownNow()

  @Test
  void shutdownNow_returnsWhatNeverBeganAndEveryFutureEnds() {
    ScheduledFuture<?> later = executor.schedule(runs("later"), 5, SECONDS);
    ScheduledFuture<?> periodic = executor.scheduleAtFixedRate(runs("periodic"), 5, 5, SECONDS);
    Future<String> running = executor.submit(sleeps(60));
    time.settle();
    List<Runnable> never = executor.shutdownNow();
    assertThat(never).isEqualTo(List.of(later, periodic));
    assertThat(later.isDone()).isTrue();
    assertThat(periodic.isDone()).isTrue();
    assertThat(running.isDone()).isTrue();
    time.settle();
    assertThat(log).containsExactly("0 begins", "0 interrupted");
    assertThat(executor.isTerminated()).isTrue();
    assertThat(isListed()).isFalse();
  }

  @Test
  void shutdownNow_runningTaskThatIgnoresTheInterrupt_isNotTerminatedBeforeItEnds() {
    executor.execute(() -> time.sleepUninterruptibly(ofSeconds(9)));
    time.settle();
    assertThat(executor.shutdownNow()).isEmpty();
    time.advance(ofSeconds(5));
    assertThat(executor.isTerminated()).isFalse();
    assertThat(isListed()).isTrue();
    time.advance(ofSeconds(4));
    assertThat(executor.isTerminated()).isTrue();
    assertThat(isListed()).isFalse();
  }

  @Test
  void shutdownNow_tasksWaitForAThread_areReturnedAndEnd() {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      executor.execute(() -> time.sleepUninterruptibly(ofSeconds(1)));
    }
    Future<?> waiting = executor.submit(runs("waiting"));
    time.settle();
    assertThat(executor.shutdownNow()).isEqualTo(List.of(waiting));
    assertThat(waiting.isCancelled()).isTrue();
    time.advance(ofSeconds(2));
    assertThat(log).isEmpty();
  }

  @Test
  void shutdownNow_futureGivenToExecute_endsToo() {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      executor.execute(() -> time.sleepUninterruptibly(ofSeconds(1)));
    }
    FutureTask<String> mine = new FutureTask<>(() -> "mine");
    executor.execute(mine);
    time.settle();
    executor.shutdownNow();
    assertThatThrownBy(mine::get).isInstanceOf(CancellationException.class);
    time.advance(ofSeconds(2));
  }

  @Test
  void shutdownNow_invokeAllWaits_returnsWithEveryFutureDone() throws Exception {
    int tasks = moreThanThreads();
    List<Future<String>> futures = new CopyOnWriteArrayList<>();
    Thread invoker = new Thread(() -> {
      try {
        futures.addAll(executor.invokeAll(Collections.nCopies(tasks, sleeps(60))));
      } catch (InterruptedException e) {
        log("not interrupted");
      }
    });
    invoker.start();
    while (tasks() < tasks) {
      Thread.onSpinWait();
    }
    executor.shutdownNow();
    invoker.join();
    assertThat(futures).hasSize(tasks).allMatch(Future::isDone);
    time.settle();
  }

  @Test
  void shutdownNow_invokeAnyWaits_throws() throws Exception {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      executor.execute(() -> time.sleepUninterruptibly(ofSeconds(3)));
    }
    time.run(() -> {
      Thread invoker = time.startThread(
          "invoker",
          () -> assertThatThrownBy(() -> executor.invokeAny(List.of(sleeps(60), sleeps(60))))
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(CancellationException.class));
      time.sleep(ofSeconds(1));
      executor.shutdownNow();
      assertThat(time.join(invoker, Long.MAX_VALUE)).isTrue();
      assertThat(time.elapsed()).isEqualTo(ofSeconds(1));
    });
    time.advance(ofSeconds(3));
  }

  // ---- awaitTermination()

  @Test
  void awaitTermination_tasksEnd_returnsTrueThen() throws Exception {
    executor.schedule(runs("delayed"), 5, SECONDS);
    executor.shutdown();
    assertThat(time.<Boolean>call(() -> executor.awaitTermination(1, MINUTES))).isTrue();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(5));
  }

  @Test
  void awaitTermination_tasksDoNotEndInTime_returnsFalseThen() throws Exception {
    executor.schedule(runs("delayed"), 1, HOURS);
    executor.shutdown();
    assertThat(time.<Boolean>call(() -> executor.awaitTermination(1, MINUTES))).isFalse();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(60));
  }

  @Test
  void awaitTermination_terminated_returnsTrueAtOnce() throws Exception {
    executor.shutdown();
    assertThat(executor.awaitTermination(0, SECONDS)).isTrue();
    assertThat(executor.awaitTermination(Long.MAX_VALUE, NANOSECONDS)).isTrue();
  }

  @Test
  void awaitTermination_noTimeGiven_looksOnly() throws Exception {
    assertThat(executor.awaitTermination(0, SECONDS)).isFalse();
    assertThat(executor.awaitTermination(-1, HOURS)).isFalse();
  }

  @Test
  void awaitTermination_emptyExecutorIsShutDownMeanwhile_returnsTrueThen() throws Exception {
    time.run(() -> {
      Thread other = time.startThread("other", () -> {
        time.sleepUninterruptibly(ofSeconds(3));
        executor.shutdown();
      });
      assertThat(executor.awaitTermination(1, MINUTES)).isTrue();
      assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
      time.join(other, Long.MAX_VALUE);
    });
  }

  @Test
  void awaitTermination_scopeClosesMeanwhile_returnsTrueThen() throws Exception {
    time.run(() -> {
      Thread other = time.startThread("other", () -> {
        time.sleepUninterruptibly(ofSeconds(3));
        app.shutdown();
      });
      assertThat(executor.awaitTermination(1, MINUTES)).isTrue();
      assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
      time.join(other, Long.MAX_VALUE);
    });
  }

  @Test
  void awaitTermination_interrupted_throwsAndClearsTheFlag() throws Exception {
    time.run(() -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> executor.awaitTermination(1, MINUTES))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
    assertThat(time.elapsed()).isZero();
  }

  // ---- the end of its scope

  @Test
  void shutdown_scope_endsEveryTaskAndFuture() throws Exception {
    ScheduledFuture<?> later = executor.schedule(runs("later"), 5, SECONDS);
    ScheduledFuture<?> periodic = executor.scheduleAtFixedRate(runs("periodic"), 5, 5, SECONDS);
    Future<?> now = executor.submit(runs("now"));
    time.settle();
    assertThat(time.call(app::shutdown).clean()).isTrue();
    assertThat(later.isCancelled()).isTrue();
    assertThat(periodic.isCancelled()).isTrue();
    assertThat(now.isCancelled()).isFalse();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThatThrownBy(() -> executor.execute(runs("late")))
        .isInstanceOf(RejectedExecutionException.class);
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("0 now");
  }

  @Test
  void shutdown_scopeWhileATaskRuns_waitsForItsRun() throws Exception {
    executor.schedule(sleeps(3), 1, SECONDS);
    executor.scheduleAtFixedRate(runs("rate"), 4, 4, SECONDS);
    time.advance(ofSeconds(2));
    CloseReport report = time.call(app::shutdown);
    assertThat(log).containsExactly("1000 begins", "4000 ends");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(4));
    assertThat(report.clean()).isTrue();
  }

  @Test
  void shutdown_scopeWhileATaskHangs_interruptsIt() throws Exception {
    executor.schedule(sleeps(3_600), 1, SECONDS);
    time.advance(ofSeconds(2));
    CloseReport report = time.call(app::shutdown);
    assertThat(entry(report).outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(entry(report).stuckAt())
        .extracting(StackTraceElement::getMethodName)
        .contains("sleep");
    assertThat(log).hasSize(2).last().asString().endsWith(" interrupted");
  }

  @Test
  void shutdown_scopeWhileATaskIgnoresTheInterrupt_isHungAndLateWhenItEnds() throws Exception {
    executor.execute(() -> time.sleepUninterruptibly(ofHours(1)));
    time.settle();
    CloseReport report = time.call(app::shutdown);
    assertThat(entry(report).outcome()).isEqualTo(Outcome.HUNG);
    assertThat(entry(report).stuckAt())
        .extracting(StackTraceElement::getMethodName)
        .contains("sleepUninterruptibly");
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofMillis(5_100));
    time.advance(ofHours(1));
    assertThat(entry(app.report()).outcome()).isEqualTo(Outcome.LATE);
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdown_scopeFromOneOfItsTasks_returnsAtOnce() {
    executor.schedule(
        () -> {
          log("begins");
          app.shutdown();
          log("ends");
        },
        1,
        SECONDS);
    executor.scheduleAtFixedRate(runs("rate"), 2, 2, SECONDS);
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("1000 begins", "1000 ends");
    assertThat(app.report().clean()).isTrue();
  }

  @Test
  void shutdown_scopeFromOneTaskWhileAnotherRuns_waitsForTheOther() {
    Scope part = app.child("part");
    ScheduledExecutorService own = ManagedScheduler.in(part, "timers").asScheduledExecutorService();
    own.schedule(sleeps(3), 1, SECONDS);
    own.schedule(
        () -> {
          part.shutdown();
          log("closed");
        },
        2,
        SECONDS);
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("1000 begins", "4000 ends", "4000 closed");
    assertThat(own.isTerminated()).isTrue();
  }

  @Test
  void shutdown_scopeWhileOneTaskWaitsForThatCloseAndAnotherRuns_waitsForTheOther()
      throws Exception {
    executor.schedule(
        () -> {
          time.sleepUninterruptibly(ofSeconds(1));
          app.shutdown();
        },
        1,
        SECONDS);
    executor.schedule(sleeps(3), 1, SECONDS);
    time.advance(ofMillis(1_500));
    CloseReport report = time.call(app::shutdown);
    assertThat(time.elapsed()).isEqualTo(ofSeconds(4));
    assertThat(report.clean()).isTrue();
  }

  @Test
  void shutdown_executorOfAView_endsWithItsScope() {
    Scope session = app.child("session");
    ScheduledExecutorService own = timers.ownedBy(session).asScheduledExecutorService();
    ScheduledFuture<?> future = own.scheduleAtFixedRate(runs("rate"), 1, 1, SECONDS);
    session.shutdown();
    assertThat(own.isTerminated()).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(executor.isShutdown()).isFalse();
  }

  private static Entry entry(CloseReport report) {
    return report.entries().stream()
        .filter(each -> each.handle().name().equals("executor-1"))
        .findFirst()
        .orElseThrow();
  }
}
