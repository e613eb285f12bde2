package io.leaksafe.schedule;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest extends SchedulerTestCase {

  /** What a session holds that must be collectable afterwards. */
  private static final class Session {
    private final byte[] buffer = new byte[1_024];

    void ping() {
      buffer[0]++;
    }
  }

  @Test
  void ownedBy_aHundredSessionsComeAndGo_theTimersAreAsBefore() throws Exception {
    timers.every("sweep", Duration.ofMinutes(5), () -> {});
    List<String> before = timerPaths();
    int pendingBefore = pending();
    for (int cycle = 0; cycle < 100; cycle++) {
      Scope session = app.child("session-" + cycle);
      ManagedScheduler own = timers.ownedBy(session);
      own.every("heartbeat", Duration.ofSeconds(30), () -> {});
      own.after("give-up", Duration.ofHours(1), () -> {});
      own.after(Duration.ofHours(1), () -> {});
      own.daily("reset", LocalTime.MIDNIGHT, ZoneId.of("America/New_York"), () -> {});
      time.advance(Duration.ofSeconds(1));
      time.run(session::close);
    }
    assertThat(timerPaths()).isEqualTo(before);
    assertThat(pending())
        .isLessThanOrEqualTo(pendingBefore + 1); // what watches closes may be there
  }

  @Test
  void ownedBy_sameScope_isTheSameView() {
    Scope session = app.child("session");
    assertThat(timers.ownedBy(session)).isSameAs(timers.ownedBy(session));
    assertThat(timers.ownedBy(session).ownedBy(session)).isSameAs(timers.ownedBy(session));
  }

  @Test
  void ownedBy_otherScope_isAnotherView() {
    assertThat(timers.ownedBy(app.child("session")))
        .isNotSameAs(timers.ownedBy(app.child("session")));
  }

  @Test
  void ownedBy_ownScope_isTheSchedulerItself() {
    assertThat(timers.ownedBy(app)).isSameAs(timers);
    assertThat(timers.ownedBy(app.child("session")).ownedBy(app)).isSameAs(timers);
  }

  @Test
  void ownedBy_viewOfAView_belongsToTheScheduler() {
    Scope outer = app.child("outer");
    Scope inner = app.child("inner");
    timers.ownedBy(outer).ownedBy(inner).every("ping", ofSeconds(1), logs("ping"));
    outer.shutdown();
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 ping");
    assertThat(viewsOf(timers)).hasSize(1);
  }

  @Test
  void ownedBy_scopeOfAnotherRoot_isRefused() {
    try (CleanupManager other = CleanupManager.builder("other").timeSource(time).build()) {
      assertThatThrownBy(() -> timers.ownedBy(other.child("session")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "'other/session' belongs to another root than scheduler 'ViewsTest/timers'. Open a "
                  + "scheduler of its own there.");
    }
  }

  @Test
  void ownedBy_closedScope_isRefused() {
    Scope session = app.child("session");
    session.shutdown();
    assertThatThrownBy(() -> timers.ownedBy(session))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'ViewsTest/session' is closed; 'timers' was ");
    assertThat(viewsOf(timers)).isEmpty();
  }

  @Test
  void ownedBy_closedScheduler_isRefusedAndLeavesNothingInTheScope() {
    Scope part = app.child("part");
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(part, "timers");
    Scope session = app.child("session");
    part.shutdown();
    assertThatThrownBy(() -> own.ownedBy(session)).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(() -> own.ownedBy(session))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(
            "Scheduler 'ViewsTest/part/timers' is closed or closing; 'ViewsTest/session/timers' will "
                + "not run. Schedule it before close(), or with a scheduler that lives longer.");
    assertThat(session.handles()).isEmpty();
    assertThat(viewsOf(own)).isEmpty();
  }

  @Test
  void shutdown_scope_endsItsViewAndNoOther() {
    Scope a = app.child("a");
    Scope b = app.child("b");
    timers.ownedBy(a).every("ping", ofSeconds(1), logs("a"));
    timers.ownedBy(b).every("ping", ofSeconds(1), logs("b"));
    timers.every("ping", ofSeconds(1), logs("main"));
    a.shutdown();
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 b", "1000 main");
    assertThat(viewsOf(timers)).hasSize(1);
  }

  @Test
  void shutdown_parentOfTheScope_endsItsView() {
    Scope session = app.child("session");
    timers.ownedBy(session.child("call")).every("ping", ofSeconds(1), logs("ping"));
    session.shutdown();
    time.advance(ofSeconds(1));
    assertThat(log).isEmpty();
    assertThat(viewsOf(timers)).isEmpty();
  }

  @Test
  void shutdown_schedulerFirst_endsItsViews() {
    Scope part = app.child("part");
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(part, "timers");
    Scope session = app.child("session");
    TaskScheduler view = view(own, session);
    view.every("ping", ofSeconds(1), logs("ping"));
    part.shutdown();
    time.advance(ofSeconds(5));
    assertThat(log).isEmpty();
    assertThat(session.handles()).isEmpty();
    assertThat(session.state()).isEqualTo(Scope.State.OPEN);
    assertThat(view.size()).isZero();
    assertThat(viewsOf(own)).isEmpty();
    assertThatThrownBy(() -> view.every("ping", ofSeconds(1), logs("ping")))
        .isInstanceOf(ClosedScopeException.class);
  }

  @Test
  void shutdown_schedulerFirst_waitsForTheRunsOfItsViews() throws Exception {
    Scope part = app.child("part");
    ManagedScheduler own = ManagedScheduler.in(part, "timers");
    own.ownedBy(app.child("a")).every("ping", ofSeconds(1), takes("a", ofSeconds(1)));
    own.ownedBy(app.child("b")).every("ping", ofSeconds(1), takes("b", ofMillis(1_200)));
    time.advance(ofMillis(1_500));
    time.run(part::shutdown);
    log("closed");
    assertThat(log)
        .containsExactly(
            "1000 a begins", "1000 b begins", "2000 a ends", "2200 b ends", "2200 closed");
  }

  @Test
  void shutdown_schedulerFirstAndTasksOfItsViewsHang_reportsThemAndStopsTheOthersInTime()
      throws Exception {
    Scope part = app.child("part");
    ManagedScheduler own = ManagedScheduler.in(part, "timers");
    List<Scope> sessions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Scope session = app.child("session-" + i);
      sessions.add(session);
      own.ownedBy(session).every("ping", ofSeconds(1), () -> time.sleepUninterruptibly(ofHours(1)));
      own.ownedBy(session).every("tick", ofSeconds(3), logs("tick"));
    }
    time.advance(ofSeconds(2));
    CloseReport report = time.call(part::shutdown);
    int ticks = log.size();
    assertThat(time.elapsed()).isLessThanOrEqualTo(ofMillis(7_100));
    assertThat(report.live()).hasSize(5).allSatisfy(entry -> {
      assertThat(entry.handle().name()).isEqualTo("ping");
      assertThat(entry.outcome()).isEqualTo(Outcome.HUNG);
    });
    time.advance(ofHours(2));
    assertThat(log).hasSize(ticks);
    assertThat(sessions).allSatisfy(session -> assertThat(session.handles()).isEmpty());
  }

  @Test
  void ownedBy_viewClosedWithTheSchedulerAndScopeThenClosed_isHarmless() {
    Scope part = app.child("part");
    Scope session = app.child("session");
    ManagedScheduler.in(part, "timers").ownedBy(session).every("ping", ofSeconds(1), logs("ping"));
    part.shutdown();
    assertThat(session.shutdown().clean()).isTrue();
  }

  @Test
  void ownedBy_movedScope_keepsItsView() {
    Scope aside = app.child("aside");
    Scope session = aside.child("session");
    ManagedScheduler view = timers.ownedBy(session);
    view.every("ping", ofSeconds(1), logs("ping"));
    session.moveTo(app);
    aside.shutdown();
    assertThat(timers.ownedBy(session)).isSameAs(view);
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 ping");
    assertThat(timerPaths()).containsExactly("session/timers/ping");
  }

  @Test
  void handles_ofASession_listsItsTimersBelowTheView() {
    Scope session = app.child("session");
    timers.ownedBy(session).every("ping", ofSeconds(30), logs("ping"));
    assertThat(session.handles())
        .extracting(handle -> handle.kind() + " " + handle.path())
        .containsExactly(
            "TIMER ViewsTest/session/timers/ping", "SCHEDULER ViewsTest/session/timers");
  }

  @Test
  void ownedBy_1000SessionsWithAHeartbeat_leaveNothing() {
    timers.ownedBy(
        app.child("first")); // what the scheduler needs for its views is there from now on
    List<String> before = paths();
    int pendingBefore = pending();
    for (int i = 0; i < 1_000; i++) {
      Scope session = app.child("session");
      timers.ownedBy(session).every("heartbeat", ofMillis(5), logs("heartbeat"));
      time.advance(ofMillis(5));
      session.shutdown();
    }
    assertThat(log).hasSize(1_000);
    assertThat(paths()).isEqualTo(before);
    assertThat(viewsOf(timers)).hasSize(1);
    assertThat(keysOf(timers)).isEmpty();
    assertThat(timers.size()).isZero();
    assertThat(pending()).isLessThanOrEqualTo(pendingBefore + 1); // the root's watchdog
  }

  @Test
  void ownedBy_1000SessionsOpenAtOnce_leaveNothing() {
    timers.ownedBy(app.child("first"));
    List<String> before = paths();
    List<Scope> sessions = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Scope session = app.child("session-" + i);
      sessions.add(session);
      timers.ownedBy(session).every("heartbeat", ofSeconds(30), logs("heartbeat"));
    }
    assertThat(live(Kind.TIMER)).hasSize(1_000);
    time.advance(ofSeconds(30));
    sessions.forEach(Scope::shutdown);
    assertThat(log).hasSize(1_000);
    assertThat(paths()).isEqualTo(before);
    assertThat(viewsOf(timers)).hasSize(1);
  }

  private List<String> paths() {
    return app.handles().stream()
        .map(handle -> handle.kind() + " " + handle.path())
        .toList();
  }

  @Test
  void ownedBy_60StartsAndStopsInOneJvm_leaveNoTimerAndNoThread() throws Exception {
    for (int i = 0; i < 60; i++) {
      CleanupManager service =
          CleanupManager.builder("service").timeSource(time).build();
      ManagedScheduler own = ManagedScheduler.in(service, "timers");
      own.every("sweep", ofSeconds(1), logs("sweep"));
      own.ownedBy(service.child("session")).every("ping", ofSeconds(1), logs("ping"));
      time.advance(ofSeconds(1));
      assertThat(time.call(service::shutdown).clean()).isTrue();
      assertThat(service.handles()).isEmpty();
      assertThat(time.describe().lines()).hasSize(1);
    }
    assertThat(log).hasSize(120);
  }

  @Test
  void shutdown_sessionWithAHeartbeat_isCollectable() {
    WeakReference<Session> session = new WeakReference<>(openAndClose());
    awaitCleared(session);
    timers.every("goes on", ofSeconds(1), logs("goes on"));
  }

  private Session openAndClose() {
    Session state = new Session();
    Scope session = app.child("session");
    timers.ownedBy(session).every("heartbeat", ofMillis(5), state::ping);
    timers.ownedBy(session).after(ofMillis(1), state::ping);
    timers.ownedBy(session).after(ofHours(9), state::ping);
    time.advance(ofMillis(20));
    session.shutdown();
    return state;
  }

  @Test
  void close_handleKeptByItsOpener_letsGoOfTheTask() {
    Session state = new Session();
    WeakReference<Session> reference = new WeakReference<>(state);
    var kept = timers.every("heartbeat", ofHours(9), state::ping);
    var keptToo = timers.after(ofHours(9), state::ping);
    kept.close();
    keptToo.close();
    state = null;
    awaitCleared(reference);
    assertThat(kept.info().name()).isEqualTo("heartbeat");
    assertThat(keptToo.info().name()).isEqualTo("after");
  }

  @Test
  void shutdown_scopeItself_isCollectable() {
    WeakReference<Scope> reference = new WeakReference<>(openAndCloseScope());
    awaitCleared(reference);
  }

  private Scope openAndCloseScope() {
    Scope session = app.child("session");
    timers.ownedBy(session).every("heartbeat", ofMillis(5), logs("heartbeat"));
    timers.ownedBy(session).after(ofHours(9), logs("never"));
    time.advance(ofMillis(20));
    session.shutdown();
    return session;
  }

  private static void awaitCleared(WeakReference<?> reference) {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }
    assertThat(reference.get()).as("still reachable").isNull();
  }
}
