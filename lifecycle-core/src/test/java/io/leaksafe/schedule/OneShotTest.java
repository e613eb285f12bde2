package io.leaksafe.schedule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.leaksafe.cleanup.CleanupException;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tasks without a key of a view, which records no origins: each is timer and handle in one object. */
class OneShotTest extends SchedulerTestCase {

  private final Scope session = app.child("session");
  private final TaskScheduler view = view(timers, session);

  @Test
  void after_inAView_isOneObject() {
    assertThat(view.after(ofSeconds(5), logs("a"))).isInstanceOf(OneShot.class);
  }

  @Test
  void after_lastNanosecondBeforeTheDelay_hasNotRun() {
    view.after(ofSeconds(5), logs("a"));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 a");
    assertThat(view.size()).isZero();
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void after_noOrNegativeDelay_runsAtOnce() {
    view.after(ZERO, logs("zero"));
    view.after(ofSeconds(Long.MIN_VALUE), logs("negative"));
    time.settle();
    assertThat(log).containsExactly("0 zero", "0 negative");
  }

  @Test
  void after_delayTooLargeToCount_neverRuns() {
    Handle<Action> never = view.after(FOREVER, logs("never"));
    time.advance(ofDays(70 * 365));
    assertThat(log).isEmpty();
    assertThat(view.size()).isOne();
    never.close();
    assertThat(view.size()).isZero();
  }

  @Test
  void after_sameMoment_runsInTheOrderOfScheduling() {
    for (int i = 0; i < 5; i++) {
      view.after(ofMillis(10), logs("task " + i));
    }
    time.advance(ofMillis(10));
    assertThat(log)
        .containsExactlyInAnyOrder("10 task 0", "10 task 1", "10 task 2", "10 task 3", "10 task 4");
    assertThat(log.get(0)).isEqualTo("10 task 0");
  }

  @Test
  void close_beforeItIsDue_neverRunsAndIsListedNoMore() {
    Handle<Action> handle = view.after(ofSeconds(5), logs("a"));
    handle.close();
    assertThat(timerPaths()).isEmpty();
    assertThat(pending()).isZero();
    time.advance(ofHours(1));
    assertThat(log).isEmpty();
  }

  @Test
  void close_again_isHarmless() {
    Handle<Action> handle = view.after(ofSeconds(5), logs("a"));
    handle.close();
    handle.close();
    assertThat(handle.info().details()).isEqualTo(Map.of("runs", "once"));
  }

  @Test
  void close_whileItRuns_waitsForTheEnd() throws Exception {
    Handle<Action> handle = view.after(ofSeconds(1), takes("a", ofSeconds(3)));
    time.advance(ofSeconds(2));
    time.run(() -> {
      handle.close();
      log("closed");
    });
    assertThat(log).containsExactly("1000 a begins", "4000 a ends", "4000 closed");
  }

  @Test
  void close_fromWithinItsRun_doesNotWait() {
    AtomicReference<Handle<Action>> own = new AtomicReference<>();
    own.set(view.after(ofSeconds(1), () -> {
      own.get().close();
      log("goes on");
    }));
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 goes on");
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void close_ofARunThatIgnoresTheInterrupt_saysSoInTimeAndStaysListed() throws Exception {
    Handle<Action> handle = view.after(ofSeconds(1), () -> time.sleepUninterruptibly(ofMinutes(1)));
    time.advance(ofSeconds(2));
    time.run(() -> assertThatThrownBy(handle::close)
        .isInstanceOfSatisfying(
            CleanupException.class,
            e -> assertThat(e.report().entries().get(0).outcome()).isEqualTo(Outcome.HUNG)));
    assertThat(timerPaths()).containsExactly("session/timers/after");
    time.advance(ofMinutes(2));
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void scopeCloses_pendingOnesNeverRun() throws Exception {
    for (int i = 0; i < 100; i++) {
      view.after(ofSeconds(1), logs("a"));
    }
    CloseReport report = time.call(session::shutdown);
    assertThat(report.clean()).isTrue();
    time.advance(ofHours(1));
    assertThat(log).isEmpty();
    assertThat(pending()).isZero();
  }

  @Test
  void scopeCloses_whileOneRuns_waitsForItAndReportsIt() throws Exception {
    view.after(ofSeconds(1), takes("a", ofSeconds(2)));
    time.advance(ofSeconds(2));
    CloseReport report = time.call(session::shutdown);
    assertThat(log).containsExactly("1000 a begins", "3000 a ends");
    assertThat(report.entries().get(0).handle().path()).isEqualTo(root + "/session/timers/after");
    assertThat(report.clean()).isTrue();
  }

  @Test
  void scopeClosesInItsOwnTask_theTaskGoesOnAndTheRestNeverRuns() {
    view.after(ofSeconds(1), () -> {
      session.close();
      log("goes on");
    });
    view.after(ofSeconds(2), logs("never"));
    time.advance(ofHours(1));
    assertThat(log).containsExactly("1000 goes on");
  }

  @Test
  void scopeCloses_taskThatWaitsForAWorker_neverRuns() throws Exception {
    for (int i = 0; i < moreThanThreads(); i++) {
      timers.after("busy-" + i, ofSeconds(1), () -> time.sleep(ofMinutes(1)));
    }
    Handle<Action> waits = view.after(ofSeconds(2), logs("waits"));
    time.advance(ofSeconds(3));
    assertThat(waits.info().details()).containsEntry("next in", "0 ns");
    assertThat(view.size()).as("due, and waiting for a worker").isOne();
    assertThat(timerPaths()).contains("session/timers/after");
    assertThat(time.call(session::shutdown).clean()).isTrue();
    time.advance(ofHours(1));
    assertThat(log).isEmpty();
    assertThatThrownBy(waits::get).isInstanceOf(ClosedScopeException.class);
  }

  @Test
  void close_whileItWaitsForAWorker_neverRuns() {
    for (int i = 0; i < moreThanThreads(); i++) {
      timers.after("busy-" + i, ofSeconds(1), () -> time.sleep(ofMinutes(1)));
    }
    Handle<Action> waits = view.after(ofSeconds(2), logs("waits"));
    time.advance(ofSeconds(3));
    waits.close();
    time.advance(ofHours(1));
    assertThat(log).isEmpty();
  }

  @Test
  void after_onceTheScopeIsClosed_throwsAndSaysWhatToDo() {
    session.close();
    assertThatThrownBy(() -> view.after(ofSeconds(1), logs("a")))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(
            "Scheduler '" + root + "/session/timers' is closed or closing; 'after' will not "
                + "run. Schedule it before close(), or with a scheduler that lives longer.");
    assertThat(view.size()).isZero();
  }

  @Test
  void failingTask_isLoggedOnceAndNothingElseSuffers() {
    view.after(ofSeconds(1), () -> {
      throw new AssertionError("line is busy");
    });
    view.after(ofSeconds(2), logs("next"));
    time.advance(ofSeconds(2));
    assertThat(log).containsExactly("2000 next");
    assertThat(logged()).singleElement().satisfies(event -> {
      assertThat(event.getLevel()).isEqualTo(Level.WARN);
      assertThat(event.getFormattedMessage())
          .isEqualTo("Timer '" + root + "/session/timers/after' failed in run 1, once.");
    });
    assertThat(view.size()).isZero();
  }

  @Test
  void info_whilePending_saysWhenAndSinceWhenAndByWhom() {
    Handle<Action> handle = view.after(ofMinutes(5), logs("a"));
    time.advance(ofMinutes(1));
    HandleInfo info = handle.info();
    assertThat(info.path()).isEqualTo(root + "/session/timers/after");
    assertThat(info.kind()).isEqualTo(Kind.TIMER);
    assertThat(info.priority()).isEqualTo(Priority.EARLY);
    assertThat(info.age()).isEqualTo(ofMinutes(1));
    assertThat(info.openedBy()).isEqualTo(Thread.currentThread().getName());
    assertThat(info.details()).isEqualTo(Map.of("runs", "once", "next in", "4 min"));
    assertThat(app.handles()).contains(info);
    assertThat(handle).hasToString(info.toString());
  }

  @Test
  void info_whileItRuns_hasTheAgeSinceItWasScheduled() throws Exception {
    Handle<Action> handle = view.after(ofSeconds(10), takes("a", ofSeconds(5)));
    time.advance(ofSeconds(12));
    assertThat(handle.info().age()).isEqualTo(ofSeconds(12));
    assertThat(handle.info().openedBy()).isEqualTo(Thread.currentThread().getName());
  }

  @Test
  void get_hasTheTaskUntilItHasRun() {
    Action task = logs("a");
    Handle<Action> handle = view.after(ofSeconds(1), task);
    assertThat(handle.get()).isSameAs(task);
    time.advance(ofSeconds(1));
    assertThatThrownBy(handle::get)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'" + root + "/session/timers/after' has run or is closed. "
            + "Use it before that, or schedule it again.");
  }

  @Test
  void get_whileItRuns_hasTheTask() {
    view.after(ofSeconds(1), takes("other", ofMinutes(1)));
    Action task = takes("a", ofSeconds(3));
    Handle<Action> handle = view.after(ofSeconds(1), task);
    time.advance(ofSeconds(2));
    assertThat(handle.get()).isSameAs(task);
    time.advance(ofSeconds(3));
    assertThatThrownBy(handle::get).isInstanceOf(ClosedScopeException.class);
  }

  @Test
  void timeout_whileItRuns_limitsItsCloseAndNoOther() throws Exception {
    view.after(ofSeconds(1), takes("other", ofMinutes(1)));
    Handle<Action> handle = view.after(ofSeconds(1), () -> time.sleepUninterruptibly(ofMinutes(1)));
    time.advance(ofSeconds(2));
    handle.timeout(ofMillis(100));
    time.run(() -> assertThatThrownBy(handle::close).isInstanceOf(CleanupException.class));
    assertThat(time.elapsed()).isLessThan(ofSeconds(3));
    assertThat(log).containsExactly("1000 other begins");
    time.advance(ofMinutes(2));
    assertThat(log).containsExactly("1000 other begins", "61000 other ends");
  }

  @Test
  void settingsOfTheScheduler_areRefusedAndSayWhatToDo() {
    Handle<Action> handle = view.after(ofSeconds(1), logs("a"));
    String timer = "Timer '" + root + "/session/timers/after' cannot ";
    assertThatThrownBy(() -> handle.priority(Priority.LAST))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(timer + "change its priority; it closes with its scheduler.");
    assertThatThrownBy(handle::release)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(timer + "be released; without its scheduler nothing would run it. Close it.");
    assertThatThrownBy(() -> app.adopt(handle))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("stays with its scheduler");
  }

  @Test
  void timeout_whilePending_keepsTheMomentTheOpeningAndTheHandle() throws Exception {
    Handle<Action> handle = view.after(ofSeconds(10), takes("a", ofMinutes(1)));
    time.advance(ofSeconds(4));
    assertThat(handle.timeout(ofMillis(100))).isSameAs(handle);
    assertThat(view.size()).isOne();
    assertThat(handle.info().age()).isEqualTo(ofSeconds(4));
    assertThat(handle.info().details()).containsEntry("next in", "6 s");
    time.advance(ofSeconds(7));
    assertThat(log).containsExactly("10000 a begins");
    time.run(() -> assertThatThrownBy(handle::close).isInstanceOf(CleanupException.class));
    assertThat(time.elapsed()).isLessThan(ofSeconds(12));
    assertThat(view.size()).isZero();
  }

  @Test
  void warnAfter_whilePending_isHeededAndTheTaskCanBeClosed() {
    Handle<Action> handle = view.after(ofHours(1), logs("a")).warnAfter(ofMinutes(1));
    time.advance(ofMinutes(2));
    assertThat(app.check()).extracting(HandleInfo::name).containsExactly("after");
    handle.close();
    assertThat(view.size()).isZero();
    time.advance(ofHours(2));
    assertThat(log).isEmpty();
  }

  @Test
  void timeout_onceItHasRunOrItsScopeIsClosed_throws() throws Exception {
    Handle<Action> ran = view.after(ofSeconds(1), logs("a"));
    time.advance(ofSeconds(1));
    assertThatThrownBy(() -> ran.timeout(ofSeconds(1))).isInstanceOf(ClosedScopeException.class);
    Handle<Action> ended = view.after(ofSeconds(1), logs("b"));
    time.run(session::close);
    assertThatThrownBy(() -> ended.warnAfter(ofSeconds(1)))
        .isInstanceOf(ClosedScopeException.class);
  }

  @Test
  void timeout_whileItWaitsForAWorker_runsItAllTheSame() {
    for (int i = 0; i < moreThanThreads(); i++) {
      timers.after("busy-" + i, ofSeconds(1), () -> time.sleep(ofMinutes(1)));
    }
    Handle<Action> waits = view.after(ofSeconds(2), logs("waits"));
    time.advance(ofSeconds(3));
    waits.timeout(ofSeconds(1));
    time.advance(ofHours(1));
    assertThat(log).hasSize(1);
    assertThat(view.size()).isZero();
  }

  @Test
  void describe_ofManyPending_showsTheFirstAndCountsTheRest() {
    for (int i = 0; i < 1_000; i++) {
      view.after(ofHours(1), logs("a"));
    }
    assertThat(session.describe()).contains("└─ ... and 981 more").contains("next in 1 h");
  }

  @Test
  void aMillionPending_areCountedListedAndClosed() throws Exception {
    int million = 1_000_000;
    Action nothing = () -> {};
    List<Handle<Action>> some = new ArrayList<>();
    for (int i = 0; i < million; i++) {
      Handle<Action> handle = view.after(ofSeconds(1 + i % 100_000), nothing);
      if (i % 100_000 == 0) {
        some.add(handle);
      }
    }
    assertThat(view.size()).isEqualTo(million);
    assertThat(session.handles()).hasSize(million + 1);
    some.forEach(Handle::close);
    assertThat(view.size()).isEqualTo(million - some.size());
    assertThat(time.call(session::shutdown).clean()).isTrue();
    assertThat(view.size()).isZero();
  }

  @Test
  void after_aTaskThatSchedulesItself_goesOnWithoutLeavingAnything() {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    again(1, done);
    time.advance(ofSeconds(1_000));
    assertThat(done).isCompletedWithValue(1_000);
    assertThat(view.size()).isZero();
  }

  private void again(int round, CompletableFuture<Integer> done) {
    view.after(ofSeconds(1), () -> {
      if (round == 1_000) {
        done.complete(round);
      } else {
        again(round + 1, done);
      }
    });
  }
}
