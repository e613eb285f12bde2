package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A child, or one handle, that its user closes: on the user's thread, watched by the root's timer. */
class ChildCloseTest extends CleanupTestCase {

  private static final Duration FOREVER = Duration.ofHours(10);

  private final CleanupManager app = manager();
  private final Scope child = app.child("child");

  @Test
  void close_ofAChild_runsItsClosersOnTheCallersThread() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      child.register("r" + i, "r", r -> threads.add(Thread.currentThread()));
    }
    child.close();
    assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
  }

  @Test
  void shutdown_ofAChild_reportsItsOwnEntriesAlone() {
    open(app, "outside");
    open(child, "a");
    Scope inner = child.child("inner");
    open(inner, "b");
    time.advance(seconds(5));
    CloseReport report = child.shutdown();
    assertThat(report.scope()).isEqualTo("app/child");
    assertThat(names(report)).containsExactly("b", "inner", "a");
    assertThat(report.clean()).isTrue();
    assertThat(report.startedAt()).isEqualTo(time.instant());
  }

  @Test
  void shutdown_ofAChildTwice_returnsTheSameReport() {
    open(child, "a");
    assertThat(child.shutdown()).isSameAs(child.shutdown());
    assertThat(log).containsExactly("a");
  }

  @Test
  void shutdown_ofAChildThatItsParentClosed_reportsItsPartOfThatClose() {
    open(app, "outside");
    open(child, "a");
    app.close();
    CloseReport report = child.shutdown();
    assertThat(report.scope()).isEqualTo("app/child");
    assertThat(names(report)).containsExactly("a");
    assertThat(report.clean()).isTrue();
    child.close();
    assertThat(log).containsExactly("outside", "a");
  }

  @Test
  void close_ofAChildWithAFailingCloser_throwsThatAndClosesTheRest() {
    IllegalStateException failure = new IllegalStateException("broken pipe");
    open(child, "a");
    child.register("bad", "bad", bad -> {
      throw failure;
    });
    open(child, "c");
    assertThatThrownBy(child::close).isInstanceOf(CleanupException.class).hasCause(failure);
    assertThat(log).containsExactly("c", "a");
    assertThat(child.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void closer_thatOutlivesItsShare_isInterruptedByTheWatchdog() throws Exception {
    open(child, "next");
    openSlow(child, "obeys", FOREVER);
    time.run(() -> {
      CloseReport report = child.shutdown();
      assertThat(outcomeOf(report, "obeys")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(entryOf(report, "obeys").took()).isEqualTo(millis(2_500));
      assertThat(entryOf(report, "obeys").stuckAt()).isNotEmpty();
      assertThat(outcomeOf(report, "next")).isEqualTo(Outcome.CLOSED);
    });
    assertThat(log).containsExactly("next");
  }

  @Test
  void closer_thatIgnoresTheInterrupt_leavesTheRestToARunner() throws Exception {
    List<String> threads = new ArrayList<>();
    child.register("next", "next", next -> {
      threads.add(Thread.currentThread().getName());
      log.add("next closed after " + time.elapsed().toMillis());
    });
    openDeaf(child, "hung", seconds(60));
    time.run(() -> {
      Thread user = start("user", () -> {
        CloseReport report = child.shutdown();
        assertThat(outcomeOf(report, "hung")).isEqualTo(Outcome.LATE);
        assertThat(outcomeOf(report, "next")).isEqualTo(Outcome.CLOSED);
        log.add("user back after " + time.elapsed().toMillis());
      });
      time.sleep(seconds(5));
      assertThat(child.state()).isEqualTo(Scope.State.CLOSED);
      assertThat(names(app.handles())).containsExactly("hung", "child");
      join(user);
      assertThat(app.handles()).isEmpty();
    });
    assertThat(log).containsExactly("next closed after 2550", "hung", "user back after 60000");
    assertThat(threads).containsExactly("app-closer-1");
  }

  @Test
  void manyChildren_closedAtOnce_areAllWatched() throws Exception {
    List<Scope> children = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Scope each = app.child("c" + i);
      openSlow(each, "slow" + i, FOREVER).timeout(millis(100L * (i + 1)));
      children.add(each);
    }
    time.run(() -> {
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Scope each = children.get(i);
        Duration share = millis(100L * (i + 1));
        users.add(start("user" + i, () -> {
          assertThat(timed(each::shutdown)).isEqualTo(share);
          assertThat(outcomes(each.shutdown())).containsExactly(Outcome.TIMED_OUT);
        }));
      }
      users.forEach(this::join);
    });
    assertThat(names(app.handles())).containsExactly("child");
  }

  @Test
  void watchdogTimer_afterManyChildrenClosedInTime_leavesNothingPending() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      Scope each = app.child("session");
      open(each, "socket");
      each.close();
    }
    assertThat(time.describe().lines().skip(1)).singleElement().asString().contains("app-timer");
    time.run(app::close);
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  @Test
  void close_ofSeveralChildrenOneByOne_leavesTheParentAsItWas() {
    open(app, "stays");
    for (int i = 0; i < 100; i++) {
      Scope each = app.child("session");
      open(each, "socket");
      each.close();
    }
    assertThat(names(app.handles())).containsExactly("stays", "child");
  }

  // ---- a close from above arrives while the user closes

  @Test
  void rootClose_whileTheUserClosesAChild_waitsForItsCloserAndHelpsWithTheRest() throws Exception {
    open(app, "opened before the child").close();
    CleanupManager root = manager("root");
    open(root, "before");
    Scope session = root.child("session");
    open(session, "s1");
    openSlow(session, "s2", seconds(1));
    open(root, "after");
    log.clear();
    time.run(() -> {
      Thread user = start("user", () -> {
        CloseReport report = session.shutdown();
        assertThat(report.clean()).isTrue();
        assertThat(names(report)).containsExactly("s2", "s1");
      });
      time.sleep(millis(200));
      CloseReport report = root.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(time.elapsed()).isEqualTo(seconds(1));
      assertThat(names(report)).startsWith("after", "s2").endsWith("session", "before");
      join(user);
    });
    assertThat(log).containsExactly("after", "s2", "s1", "before");
  }

  @Test
  void rootClose_whileAUserClosesOneHandle_waitsForIt() throws Exception {
    open(app, "before").close();
    log.clear();
    open(app, "older");
    Handle<String> handle = openSlow(app, "closed early", seconds(1));
    time.run(() -> {
      Thread user = start("user", handle::close);
      time.sleep(millis(200));
      CloseReport report = app.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(time.elapsed()).isEqualTo(seconds(1));
      assertThat(names(report)).containsExactly("closed early", "older", "child");
      join(user);
    });
    assertThat(log).containsExactly("closed early", "older");
  }

  @Test
  void rootClose_whileAUserHangsInAHandle_goesOnWithoutItAndHearsOfItLater() throws Exception {
    open(app, "older");
    Handle<String> handle = openDeaf(app, "hung", seconds(60));
    time.run(() -> {
      Thread user = start("user", handle::close);
      time.sleep(millis(200));
      CloseReport report = app.shutdown();
      assertThat(report.complete()).isFalse();
      assertThat(outcomeOf(report, "hung")).isIn(Outcome.HUNG, Outcome.PENDING);
      assertThat(outcomeOf(report, "older")).isEqualTo(Outcome.CLOSED);
      assertThat(report.took()).isLessThan(seconds(5));
      join(user);
      assertThat(outcomeOf(app.report(), "hung")).isEqualTo(Outcome.LATE);
      assertThat(app.report().complete()).isTrue();
      assertThat(app.handles()).isEmpty();
    });
  }

  @Test
  void rootAndChildClose_bothWaitingForAHungHandle_bothHearOfItsEnd() throws Exception {
    Handle<String> handle = openDeaf(child, "hung", seconds(60));
    time.run(() -> {
      Thread user = start("user", handle::close);
      time.sleep(millis(200));
      Thread childCloser = start(
          "child closer",
          () ->
              assertThat(outcomeOf(child.shutdown(), "hung")).isIn(Outcome.HUNG, Outcome.PENDING));
      time.sleep(millis(200));
      assertThat(outcomeOf(app.shutdown(), "hung")).isIn(Outcome.HUNG, Outcome.PENDING);
      join(childCloser);
      join(user);
      assertThat(outcomeOf(app.report(), "hung")).isEqualTo(Outcome.LATE);
      assertThat(outcomeOf(child.shutdown(), "hung")).isEqualTo(Outcome.LATE);
      assertThat(app.report().complete()).isTrue();
    });
  }

  @Test
  void rootClose_afterAChildWasClosedWithAHungCloser_stillReportsThatAsLive() throws Exception {
    openDeaf(child, "hung", seconds(60));
    time.run(() -> {
      Thread user = start("user", child::shutdown);
      time.sleep(seconds(10));
      assertThat(child.state()).isEqualTo(Scope.State.CLOSED);
      assertThat(names(app.handles())).containsExactly("hung", "child");
      CloseReport report = app.shutdown();
      assertThat(app.handles()).as("what is live").isNotEmpty();
      assertThat(report.clean()).as("clean").isFalse();
      assertThat(report.live()).extracting(entry -> entry.handle().name()).contains("hung");
      join(user);
      assertThat(app.report().complete()).isTrue();
      assertThat(app.handles()).isEmpty();
    });
  }

  @Test
  void twoUsers_closingTheSameChild_closeEachHandleOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      openSlow(child, "r" + i, millis(100));
    }
    time.run(() -> {
      CloseReport[] reports = new CloseReport[2];
      Thread a = start("a", () -> reports[0] = child.shutdown());
      Thread b = start("b", () -> reports[1] = child.shutdown());
      join(a);
      join(b);
      assertThat(reports[0]).isSameAs(reports[1]);
      assertThat(reports[0].clean()).isTrue();
    });
    assertThat(log).containsExactly("r4", "r3", "r2", "r1", "r0");
  }

  @Test
  void parentAndGrandchild_closedByTwoUsers_bothEnd() throws Exception {
    Scope inner = child.child("inner");
    openSlow(inner, "a", millis(100));
    openSlow(inner, "b", millis(100));
    openSlow(child, "c", millis(100));
    time.run(() -> {
      Thread user =
          start("inner closer", () -> assertThat(inner.shutdown().clean()).isTrue());
      time.sleep(millis(50));
      assertThat(child.shutdown().clean()).isTrue();
      join(user);
    });
    assertThat(log)
        .containsExactlyInAnyOrder("a", "b", "c")
        .startsWith("c".equals(log.get(0)) ? "c" : "b");
  }

  @Test
  void openingInAChild_whileTheRootWaitsForItsCloser_isLate() throws Exception {
    openSlow(child, "slow", seconds(1));
    time.run(() -> {
      Thread user = start("user", child::shutdown);
      time.sleep(millis(100));
      assertThatThrownBy(() -> open(child, "late"))
          .hasMessageStartingWith("'app/child' is closing;");
      join(user);
    });
    assertThat(log).containsExactly("late", "slow");
  }

  @Test
  void secondCaller_ofAChildThatIsClosedFromAbove_returnsOnceTheChildIsClosed() throws Exception {
    openSlow(app, "closes long after", seconds(1));
    Scope inner = app.child("inner");
    openSlow(inner, "slow", millis(100));
    time.run(() -> {
      Thread root = start("root", app::shutdown);
      time.sleep(millis(50));
      CloseReport report = inner.shutdown();
      assertThat(time.elapsed()).isEqualTo(millis(100));
      assertThat(report.clean()).isTrue();
      assertThat(names(report)).containsExactly("slow");
      join(root);
    });
  }

  @Test
  void secondCaller_ofAChildInWhichTwoClosesMeet_getsTheWholeReport() throws Exception {
    for (int i = 0; i < 5; i++) {
      openSlow(child, "r" + i, millis(100));
    }
    time.run(() -> {
      Thread user = start("user", () -> assertThat(child.shutdown().clean()).isTrue());
      time.sleep(millis(50));
      Thread root = start("root", () -> assertThat(app.shutdown().clean()).isTrue());
      time.sleep(millis(50));
      CloseReport report = child.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(report.complete()).isTrue();
      assertThat(report.entries()).hasSize(5);
      child.close();
      join(user);
      join(root);
    });
    assertThat(log).containsExactly("r4", "r3", "r2", "r1", "r0");
  }
}
