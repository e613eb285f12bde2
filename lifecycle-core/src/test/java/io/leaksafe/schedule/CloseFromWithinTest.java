package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A task that ends itself, or what it belongs to: nobody waits for it, and nothing else is left out. */
class CloseFromWithinTest extends SchedulerTestCase {

  /** Runs something in a task, which logs before and after. */
  private Action logsAround(Action inner) {
    return () -> {
      log("task begins");
      inner.run();
      log("task ends");
    };
  }

  @Test
  void close_ownHandle_returnsAtOnceAndRunsNoMore() {
    AtomicReference<Handle<Action>> self = new AtomicReference<>();
    self.set(timers.every("sweep", ofSeconds(5), logsAround(() -> self.get().close())));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 task ends");
    assertThat(timers.size()).isZero();
    assertThat(keysOf(timers)).isEmpty();
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void close_ownHandleOfAOneShot_returnsAtOnce() {
    AtomicReference<Handle<Action>> self = new AtomicReference<>();
    self.set(timers.after(ofSeconds(5), logsAround(() -> self.get().close())));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 task ends");
    assertThat(timers.size()).isZero();
  }

  @Test
  void close_handleOfAnotherRunningTask_waitsForThatOne() {
    Handle<Action> other = timers.every("other", ofSeconds(5), takes("other", ofSeconds(2)));
    timers.after(ofSeconds(6), logsAround(other::close));
    time.advance(ofSeconds(60));
    assertThat(log)
        .containsExactly(
            "5000 other begins", "6000 task begins", "7000 other ends", "7000 task ends");
  }

  @Test
  void shutdown_ownScope_closesTheSchedulerAndReturnsAtOnce() {
    Scope part = app.child("part");
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(part, "timers");
    AtomicReference<CloseReport> report = new AtomicReference<>();
    part.register("pool", "pool", pool -> log("pool closes"));
    own.every("other", ofSeconds(7), logs("other"));
    own.every("sweep", ofSeconds(5), logsAround(() -> report.set(part.shutdown())));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 pool closes", "5000 task ends");
    assertThat(report.get().clean()).isTrue();
    assertThat(part.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(own.size()).isZero();
  }

  @Test
  void shutdown_scopeOfItsView_returnsAtOnce() {
    Scope session = app.child("session");
    AtomicReference<CloseReport> report = new AtomicReference<>();
    timers
        .ownedBy(session)
        .every("heartbeat", ofSeconds(5), logsAround(() -> report.set(session.shutdown())));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 task ends");
    assertThat(report.get().clean()).isTrue();
    assertThat(viewsOf(timers)).isEmpty();
  }

  @Test
  void shutdown_scopeOfItsView_waitsForTheOtherTasksOfThatView() {
    Scope session = app.child("session");
    ManagedScheduler view = timers.ownedBy(session);
    view.every("other", ofSeconds(5), takes("other", ofSeconds(2)));
    view.after(ofSeconds(6), logsAround(session::shutdown));
    time.advance(ofSeconds(60));
    assertThat(log)
        .containsExactly(
            "5000 other begins", "6000 task begins", "7000 other ends", "7000 task ends");
  }

  @Test
  void shutdown_root_returnsAtOnceWithEverythingClosed() {
    AtomicReference<CloseReport> report = new AtomicReference<>();
    app.register("pool", "pool", pool -> log("pool closes"));
    timers.every("sweep", ofSeconds(5), logsAround(() -> report.set(app.shutdown())));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 pool closes", "5000 task ends");
    assertThat(report.get().clean()).isTrue();
  }

  @Test
  void shutdown_rootFromATaskOfAView_returnsAtOnceWithEverythingClosed() {
    AtomicReference<CloseReport> report = new AtomicReference<>();
    Scope session = app.child("session");
    timers.ownedBy(session).every("ping", ofSeconds(5), () -> report.set(app.shutdown()));
    time.advance(ofSeconds(60));
    assertThat(report.get().clean()).isTrue();
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void close_rootByTryWithResourcesFromATask_throwsNothing() {
    timers.after(ofSeconds(5), logsAround(app::close));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 task begins", "5000 task ends");
    assertThat(messages()).isEmpty();
  }

  @Test
  void shutdown_rootFromTwoTasksAtOnce_bothReturnTheSameReport() {
    AtomicReference<CloseReport> a = new AtomicReference<>();
    AtomicReference<CloseReport> b = new AtomicReference<>();
    timers.after(ofSeconds(5), () -> a.set(app.shutdown()));
    timers.after(ofSeconds(5), () -> b.set(app.shutdown()));
    time.advance(ofSeconds(5));
    assertThat(a.get()).isNotNull().isEqualTo(b.get());
    assertThat(a.get().clean()).isTrue();
  }

  @Test
  void shutdown_scopeThatAnotherThreadIsClosing_neitherWaitsForTheOther() throws Exception {
    Scope session = app.child("session");
    timers.ownedBy(session).after(ofSeconds(1), logsAround(() -> {
      time.sleep(
          ofSeconds(1)); // by then the other thread closes the session and waits for this run
      session.shutdown();
    }));
    time.advance(ofMillis(1_500));
    time.run(session::shutdown);
    log("closed");
    assertThat(log).containsExactly("1000 task begins", "2000 task ends", "2000 closed");
  }

  @Test
  void shutdown_rootThatAnotherThreadIsClosing_neitherWaitsForTheOther() throws Exception {
    timers.after(ofSeconds(1), logsAround(() -> {
      time.sleep(ofSeconds(1));
      app.shutdown();
    }));
    time.advance(ofMillis(1_500));
    CloseReport report = time.call(app::shutdown);
    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
    assertThat(report.clean()).isTrue();
  }

  @Test
  void shutdown_siblingScopeThatOwnsTheScheduler_returnsAtOnce() {
    Scope part = app.child("part");
    ManagedScheduler own = ManagedScheduler.in(part, "timers");
    Scope session = app.child("session");
    own.ownedBy(session).after(ofSeconds(1), logsAround(part::shutdown));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("1000 task begins", "1000 task ends");
    assertThat(session.handles()).isEmpty();
  }

  @Test
  void shutdown_twoTasksThatCloseEachOthersScopes_bothReturn() {
    Scope left = app.child("left");
    Scope right = app.child("right");
    timers.ownedBy(left).after(ofSeconds(1), logsAround(() -> {
      time.sleep(ofSeconds(1));
      right.shutdown();
    }));
    timers.ownedBy(right).after(ofSeconds(1), logsAround(() -> {
      time.sleep(ofSeconds(1));
      left.shutdown();
    }));
    time.advance(ofSeconds(60));
    assertThat(log)
        .containsExactly(
            "1000 task begins", "1000 task begins", "2000 task ends", "2000 task ends");
    assertThat(left.handles()).isEmpty();
    assertThat(right.handles()).isEmpty();
  }

  @Test
  void close_twoTasksThatCloseEachOther_bothReturn() {
    AtomicReference<Handle<Action>> a = new AtomicReference<>();
    AtomicReference<Handle<Action>> b = new AtomicReference<>();
    a.set(timers.after("a", ofSeconds(1), logsAround(() -> {
      time.sleep(ofSeconds(1));
      b.get().close();
    })));
    b.set(timers.after("b", ofSeconds(1), logsAround(() -> {
      time.sleep(ofSeconds(1));
      a.get().close();
    })));
    time.advance(ofSeconds(60));
    assertThat(log)
        .containsExactly(
            "1000 task begins", "1000 task begins", "2000 task ends", "2000 task ends");
  }

  @Test
  void every_scheduledByATaskOfAClosedScope_isRefusedAndLogged() {
    Scope session = app.child("session");
    ManagedScheduler view = timers.ownedBy(session);
    view.after(ofSeconds(1), () -> {
      session.shutdown();
      view.every("again", ofSeconds(1), logs("again"));
    });
    time.advance(ofSeconds(60));
    assertThat(log).isEmpty();
    assertThat(messages())
        .containsExactly("Timer 'CloseFromWithinTest/session/timers/after' failed in run 1, once.");
  }
}
