package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What closers may do to the scopes around them, without ever waiting for themselves. */
class ReentrancyTest extends CleanupTestCase {

  private final CleanupManager app = manager();

  @Test
  void closer_thatClosesItsOwnManager_getsTheReportSoFarAtOnce() throws Exception {
    open(app, "older");
    app.defer("closes", () -> {
      CloseReport report = app.shutdown();
      assertThat(report.complete()).isFalse();
      assertThat(names(report)).containsExactly("newer", "closes", "older");
      assertThat(outcomes(report))
          .containsExactly(Outcome.CLOSED, Outcome.PENDING, Outcome.PENDING);
      app.close(); // does not throw, although the close is not through
      log.add("closes");
    });
    open(app, "newer");
    time.run(() -> {
      assertThat(app.shutdown().clean()).isTrue();
      assertThat(time.elapsed()).isZero();
    });
    assertThat(log).containsExactly("newer", "closes", "older");
  }

  @Test
  void closer_thatClosesItsOwnChildScope_getsTheReportSoFarAtOnce() throws Exception {
    Scope child = app.child("child");
    open(child, "older");
    child.defer("closes", () -> {
      assertThat(child.shutdown().complete()).isFalse();
      child.close();
      log.add("closes");
    });
    time.run(() -> {
      assertThat(child.shutdown().clean()).isTrue();
      assertThat(time.elapsed()).isZero();
    });
    assertThat(log).containsExactly("closes", "older");
  }

  @Test
  void closer_ofAChildClosedFromAbove_thatClosesItsScope_doesNotWait() throws Exception {
    Scope child = app.child("child");
    child.defer("closes", child::close);
    time.run(() -> {
      assertThat(app.shutdown().clean()).isTrue();
      assertThat(time.elapsed()).isZero();
    });
  }

  @Test
  void closer_thatClosesItsOwnHandle_changesNothing() throws Exception {
    Handle<?>[] handle = new Handle<?>[1];
    handle[0] = app.register("a", "a", a -> {
      handle[0].close();
      log.add(a);
    });
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("a");
  }

  @Test
  void closer_ofAChild_thatClosesTheRoot_closesAllTheRest() throws Exception {
    open(app, "older");
    Scope child = app.child("child");
    open(child, "in the child");
    child.defer("closes the root", () -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "older")).isEqualTo(Outcome.CLOSED);
      assertThat(outcomeOf(report, "closes the root")).isEqualTo(Outcome.PENDING);
      log.add("closes the root");
    });
    open(app, "newer");
    time.run(() -> {
      child.shutdown();
      assertThat(time.elapsed()).isLessThan(seconds(1));
      assertThat(app.state()).isEqualTo(Scope.State.CLOSED);
      assertThat(app.report().complete()).isTrue();
    });
    assertThat(log).containsExactlyInAnyOrder("newer", "in the child", "older", "closes the root");
    assertThat(log).containsSubsequence("newer", "in the child", "older");
  }

  @Test
  void closer_thatClosesAnotherChild_closesItThen() throws Exception {
    Scope other = app.child("other");
    open(other, "in the other");
    open(app, "between");
    app.defer("closes the other", () -> {
      other.close();
      log.add("closes the other");
    });
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("in the other", "closes the other", "between");
  }

  @Test
  void closer_thatClosesAnotherHandle_closesItThen() throws Exception {
    Handle<String> other = open(app, "other");
    app.defer("closes the other", other::close);
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("other");
  }

  @Test
  void twoClosers_thatCloseEachOthersScopes_bothEndInTime() throws Exception {
    Scope a = app.child("a");
    Scope b = app.child("b");
    a.defer("of a", () -> {
      time.sleep(millis(100));
      b.shutdown();
      log.add("of a");
    });
    b.defer("of b", () -> {
      time.sleep(millis(100));
      a.shutdown();
      log.add("of b");
    });
    time.run(() -> {
      Thread closesA = start("closes a", a::shutdown);
      Thread closesB = start("closes b", b::shutdown);
      join(closesA);
      join(closesB);
      assertThat(time.elapsed()).isLessThan(seconds(6));
    });
    assertThat(log).containsExactlyInAnyOrder("of a", "of b");
    assertThat(a.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(b.state()).isEqualTo(Scope.State.CLOSED);
  }

  @Test
  void closer_thatOpensSomething_isToldThatItIsTooLate() throws Exception {
    app.defer("opens", () -> {
      assertThatThrownBy(() -> open(app, "late")).isInstanceOf(ClosedScopeException.class);
      assertThatThrownBy(() -> app.child("late")).isInstanceOf(ClosedScopeException.class);
    });
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("late");
  }

  @Test
  void closer_thatOpensInAnotherManager_mayDoSo() throws Exception {
    CleanupManager other = manager("other");
    app.defer("opens elsewhere", () -> open(other, "elsewhere"));
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(names(other.handles())).containsExactly("elsewhere");
  }

  @Test
  void closer_thatClosesAnotherManager_waitsForThat() throws Exception {
    CleanupManager other = manager("other");
    openSlow(other, "slow", seconds(1));
    app.defer("closes the other", () -> assertThat(other.shutdown().clean()).isTrue());
    time.run(() -> {
      assertThat(app.shutdown().clean()).isTrue();
      assertThat(time.elapsed()).isEqualTo(seconds(1));
    });
  }

  @Test
  void closers_ofTwoManagersThatCloseEachOther_bothEndInTime() throws Exception {
    CleanupManager other = manager("other");
    app.defer("closes other", () -> {
      time.sleep(millis(10));
      other.shutdown();
    });
    other.defer("closes app", () -> {
      time.sleep(millis(10));
      app.shutdown();
    });
    time.run(() -> {
      Thread a = start("a", app::shutdown);
      Thread b = start("b", other::shutdown);
      join(a);
      join(b);
      assertThat(time.elapsed()).isLessThan(millis(5_200));
    });
  }

  @Test
  void closer_whoseHelperThreadClosesTheManager_isNotWaitedForForever() throws Exception {
    app.defer("asks a helper", () -> {
      Thread helper = start("helper", app::shutdown);
      time.join(helper, Duration.ofHours(1).toNanos());
    });
    open(app, "next");
    time.run(() -> {
      app.shutdown();
      assertThat(time.elapsed()).isLessThan(millis(5_200));
    });
  }

  @Test
  void listener_thatClosesTheManager_isNotStuck() throws Exception {
    CleanupManager[] root = new CleanupManager[1];
    root[0] = build(CleanupManager.builder("told").listener(new CleanupListener() {
      @Override
      public void closed(CloseReport.Entry entry) {
        root[0].shutdown();
      }

      @Override
      public void finished(CloseReport report) {
        log.add("finished " + root[0].shutdown().clean());
      }
    }));
    open(root[0], "a");
    open(root[0], "b");
    time.run(() -> {
      root[0].shutdown();
      assertThat(time.elapsed()).isLessThan(millis(5_200));
    });
    assertThat(log).containsExactly("b", "a", "finished true");
  }
}
