package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The deadline is total, and nobody is skipped. */
class DeadlineTest extends CleanupTestCase {

  private static final Duration FOREVER = Duration.ofHours(10);

  private final CleanupManager app = manager();

  @Test
  void close_with12Of40ThatIgnoreInterruptsFirstInLine_runsTheOther28AndIsBackBefore5100Ms()
      throws Exception {
    for (int i = 0; i < 28; i++) {
      openSlow(app, "good" + i, millis(10));
    }
    for (int i = 0; i < 12; i++) {
      openDeaf(app, "bad" + i, FOREVER);
    }
    time.run(() -> {
      Duration took = timed(() -> {
        CloseReport report = app.shutdown();
        assertThat(report.live()).hasSize(12);
        assertThat(report.entries())
            .filteredOn(e -> e.outcome() == Outcome.CLOSED)
            .hasSize(28);
        assertThat(report.complete()).isFalse();
      });
      assertThat(took).isLessThan(millis(5_100));
      assertThat(log).hasSize(28);
    });
  }

  @Test
  void close_with12Of40ThatIgnoreInterruptsLastInLine_runsTheOther28() throws Exception {
    for (int i = 0; i < 12; i++) {
      openDeaf(app, "bad" + i, FOREVER);
    }
    for (int i = 0; i < 28; i++) {
      openSlow(app, "good" + i, millis(10));
    }
    time.run(() -> {
      assertThat(timed(() -> assertThat(app.shutdown().live()).hasSize(12)))
          .isLessThan(millis(5_100));
      assertThat(log).hasSize(28);
    });
  }

  @Test
  void close_withAllOf40IgnoringInterrupts_isBackBefore5100Ms() throws Exception {
    for (int i = 0; i < 40; i++) {
      openDeaf(app, "bad" + i, FOREVER);
    }
    time.run(() -> assertThat(timed(() -> {
          CloseReport report = app.shutdown();
          assertThat(report.live()).hasSize(40);
          assertThat(report.entries()).hasSize(40);
        }))
        .isLessThan(millis(5_100)));
  }

  @Test
  void close_with3Of23ThatIgnoreInterrupts_endsBefore5sWithTheOther20Run() throws Exception {
    for (int i = 0; i < 23; i++) {
      if (i % 8 == 3) {
        openDeaf(app, "bad" + i, FOREVER);
      } else {
        openSlow(app, "good" + i, millis(20));
      }
    }
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.took()).isLessThan(seconds(5));
      assertThat(report.live()).hasSize(3);
      assertThat(log).hasSize(20);
    });
  }

  @Test
  void close_withManyThatObeyTheInterrupt_timesEachOut() throws Exception {
    for (int i = 0; i < 10; i++) {
      openSlow(app, "obeys" + i, FOREVER);
    }
    open(app, "good");
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.complete()).isTrue();
      assertThat(report.clean()).isFalse();
      assertThat(report.took()).isLessThanOrEqualTo(seconds(5));
      assertThat(report.entries())
          .filteredOn(e -> e.outcome() == Outcome.TIMED_OUT)
          .hasSize(10);
      assertThat(entryOf(report, "obeys3").error()).isNull();
      assertThat(app.handles()).isEmpty();
    });
  }

  @Test
  void closer_thatIsInterruptedAndThrowsSomethingElse_isTimedOutWithThatError() throws Exception {
    IllegalStateException rude = new IllegalStateException("I was busy");
    app.register("rude", "rude", resource -> {
      try {
        time.sleep(FOREVER);
      } catch (InterruptedException e) {
        throw rude;
      }
    });
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "rude")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(entryOf(report, "rude").error()).isSameAs(rude);
    });
  }

  @Test
  void closer_thatIsInterruptedAndFinishesItsWork_isTimedOut() throws Exception {
    app.register("finishes", "finishes", resource -> {
      try {
        time.sleep(FOREVER);
      } catch (InterruptedException e) {
        log.add("finished in a hurry");
      }
    });
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "finishes")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(entryOf(report, "finishes").error()).isNull();
      assertThat(log).hasSize(1);
    });
  }

  @Test
  void closer_interruptedByItself_isNotTimedOut() throws Exception {
    app.register("throws", "throws", resource -> {
      throw new InterruptedException("of its own accord");
    });
    CloseReport report = app.shutdown();
    assertThat(outcomeOf(report, "throws")).isEqualTo(Outcome.FAILED);
    assertThat(entryOf(report, "throws").error()).hasMessage("of its own accord");
  }

  @Test
  void hungCloser_thatComesBack_isLateInTheNextReport() throws Exception {
    openDeaf(app, "late", seconds(60));
    time.run(() -> {
      CloseReport before = app.shutdown();
      assertThat(outcomeOf(before, "late")).isEqualTo(Outcome.HUNG);
      assertThat(before.live()).extracting(entry -> entry.handle().name()).containsExactly("late");
      assertThat(names(app.handles())).containsExactly("late");
      time.sleep(seconds(60));
      CloseReport after = app.report();
      assertThat(outcomeOf(after, "late")).isEqualTo(Outcome.LATE);
      assertThat(entryOf(after, "late").took()).isEqualTo(seconds(60));
      assertThat(after.complete()).isTrue();
      assertThat(after.clean()).isFalse();
      assertThat(after.live()).isEmpty();
      assertThat(app.handles()).isEmpty();
      assertThat(before.live()).hasSize(1); // what somebody holds does not change
    });
    assertThat(log).containsExactly("late");
  }

  @Test
  void hungCloser_thatComesBackWithAnError_keepsIt() throws Exception {
    IllegalStateException failure = new IllegalStateException("after all that");
    app.register("late", "late", resource -> {
      time.sleepUninterruptibly(seconds(60));
      throw failure;
    });
    time.run(() -> {
      app.shutdown();
      time.sleep(seconds(60));
      assertThat(outcomeOf(app.report(), "late")).isEqualTo(Outcome.LATE);
      assertThat(entryOf(app.report(), "late").error()).isSameAs(failure);
    });
  }

  @Test
  void hungCloser_inTheReport_isNamedWithStackOpenerAndAge() throws Exception {
    time.advance(seconds(252));
    Handle<String> handle = openDeaf(app, "hung", FOREVER);
    time.advance(seconds(90));
    time.run(() -> {
      Entry entry = app.shutdown().entries().get(0);
      assertThat(entry.handle().name()).isEqualTo("hung");
      assertThat(entry.handle().age()).isEqualTo(seconds(90));
      assertThat(entry.handle().openedBy()).isEqualTo(handle.info().openedBy());
      assertThat(entry.stuckAt()).isNotEmpty();
    });
  }

  @Test
  void closer_ofAChildDeepInside_losesItselfAlone() throws Exception {
    Scope deep = app.child("a").child("b").child("c");
    open(app, "outside");
    open(deep, "older");
    openDeaf(deep, "hung", FOREVER);
    open(deep, "newer");
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.live()).hasSize(1);
      assertThat(paths(app.handles()))
          .containsExactly("app/a/b/c/hung", "app/a/b/c", "app/a/b", "app/a");
      assertThat(deep.state()).isEqualTo(Scope.State.CLOSED);
    });
    assertThat(log).containsExactly("outside", "newer", "older");
  }

  @Test
  void scopesOfAHungCloser_leaveTheListOnceItComesBack() throws Exception {
    Scope deep = app.child("a").child("b");
    openDeaf(deep, "hung", seconds(60));
    time.run(() -> {
      app.shutdown();
      assertThat(app.handles()).hasSize(3);
      time.sleep(seconds(61));
      assertThat(app.handles()).isEmpty();
    });
  }

  // ---- timeouts

  @Test
  void timeout_ofTheManager_limitsTheWholeClose() throws Exception {
    CleanupManager quick = build(CleanupManager.builder("quick").timeout(millis(200)));
    for (int i = 0; i < 5; i++) {
      openDeaf(quick, "bad" + i, FOREVER);
    }
    time.run(() -> assertThat(timed(quick::shutdown)).isLessThan(millis(300)));
  }

  @Test
  void timeout_ofTheManagerOf1Ns_stillRunsEveryCloser() throws Exception {
    CleanupManager quick = build(CleanupManager.builder("quick").timeout(Duration.ofNanos(1)));
    for (int i = 0; i < 5; i++) {
      open(quick, "good" + i);
    }
    time.run(() -> assertThat(quick.shutdown().clean()).isTrue());
    assertThat(log).hasSize(5);
  }

  @Test
  void timeout_ofAHandle_isItsLimit() throws Exception {
    open(app, "next");
    openSlow(app, "slow", FOREVER).timeout(millis(300));
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "slow")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(entryOf(report, "slow").took()).isEqualTo(millis(300));
      assertThat(outcomeOf(report, "next")).isEqualTo(Outcome.CLOSED);
    });
  }

  @Test
  void timeout_longerThanItsShare_extendsIt() throws Exception {
    open(app, "next");
    openSlow(app, "slow", seconds(4)).timeout(millis(4_200));
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("slow", "next");
  }

  @Test
  void timeout_longerThanTheTotal_leavesSomethingToTheOthers() throws Exception {
    openSlow(app, "next", millis(200));
    openDeaf(app, "hung", FOREVER).timeout(seconds(60));
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "hung")).isEqualTo(Outcome.HUNG);
      assertThat(outcomeOf(report, "next")).isEqualTo(Outcome.CLOSED);
      assertThat(report.took()).isLessThan(seconds(5));
    });
  }

  @Test
  void timeout_setTwice_countsTheLast() throws Exception {
    openSlow(app, "slow", FOREVER).timeout(seconds(3)).timeout(millis(100));
    time.run(() -> assertThat(entryOf(app.shutdown(), "slow").took()).isEqualTo(millis(100)));
  }

  @Test
  void timeout_ofAHandleInAChildClosedByItsUser_isKept() throws Exception {
    Scope child = app.child("child");
    open(child, "next");
    openSlow(child, "slow", FOREVER).timeout(millis(300));
    time.run(() -> {
      CloseReport report = child.shutdown();
      assertThat(outcomeOf(report, "slow")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(entryOf(report, "slow").took()).isEqualTo(millis(300));
    });
  }

  @Test
  void timeout_ofAHandleOfTheRootClosedEarly_isKept() throws Exception {
    Handle<String> handle = openSlow(app, "slow", FOREVER).timeout(millis(300));
    time.run(() -> assertThat(timed(() -> closeBadly(handle))).isEqualTo(millis(300)));
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void timeout_ofAHandleOfAChildClosedEarly_isKept() throws Exception {
    Handle<String> handle = openSlow(app.child("child"), "slow", FOREVER).timeout(millis(300));
    time.run(() -> assertThat(timed(() -> closeBadly(handle))).isEqualTo(millis(300)));
    assertThat(names(app.handles())).containsExactly("child");
  }

  @Test
  void handleClosedEarly_withoutATimeout_hasItsCallersThreadForAsLongAsItTakes() throws Exception {
    Handle<String> handle = openSlow(app, "slow", seconds(90));
    time.run(() -> assertThat(timed(handle::close)).isEqualTo(seconds(90)));
    assertThat(log).containsExactly("slow");
  }

  @Test
  void handleClosedEarly_thatIgnoresItsTimeout_isLiveUntilItsCloserEnds() throws Exception {
    Handle<String> handle = openDeaf(app, "deaf", seconds(10)).timeout(seconds(1));
    time.run(() -> {
      Thread closer = start("closer", () -> closeBadly(handle));
      time.sleep(seconds(5));
      assertThat(names(app.handles())).containsExactly("deaf");
      join(closer);
      assertThat(app.handles()).isEmpty();
    });
    assertThat(log).containsExactly("deaf");
  }

  private static void closeBadly(Handle<String> handle) {
    try {
      handle.close();
    } catch (CleanupException expected) {
      assertThat(expected.report().clean()).isFalse();
      return;
    }
    throw new AssertionError("close() did not complain");
  }

  // ---- what is left when time is up

  @Test
  void closers_whoseTurnComesAfterTheDeadline_runInTheBackground() throws Exception {
    CleanupManager quick = build(CleanupManager.builder("quick").timeout(millis(100)));
    for (int i = 0; i < 5; i++) {
      openSlow(quick, "steady" + i, millis(40));
    }
    for (int i = 0; i < 100; i++) {
      openDeaf(quick, "bad" + i, seconds(60));
    }
    time.run(() -> {
      CloseReport report = quick.shutdown();
      assertThat(report.complete()).isFalse();
      assertThat(report.entries()).hasSize(105);
      assertThat(outcomeOf(report, "bad99")).isEqualTo(Outcome.HUNG);
      assertThat(outcomeOf(report, "steady0")).isEqualTo(Outcome.PENDING);
      assertThat(report.live()).anyMatch(entry -> entry.outcome() == Outcome.PENDING);
      time.sleep(seconds(50));
      assertThat(log).containsExactly("steady4", "steady3", "steady2", "steady1", "steady0");
      assertThat(outcomeOf(quick.report(), "steady0")).isEqualTo(Outcome.LATE);
      time.sleep(seconds(60));
      CloseReport after = quick.report();
      assertThat(after.complete()).isTrue();
      assertThat(after.live()).isEmpty();
      assertThat(quick.handles()).isEmpty();
      assertThat(quick.state()).isEqualTo(Scope.State.CLOSED);
    });
  }

  @Test
  void report_whileClosing_saysWhatIsPending() throws Exception {
    openSlow(app, "second", seconds(1));
    openSlow(app, "first", seconds(1));
    Scope child = app.child("child");
    openSlow(child, "inner", seconds(1));
    time.run(() -> {
      Thread closer = start("closer", app::shutdown);
      time.sleep(millis(1_500));
      CloseReport report = app.report();
      assertThat(app.state()).isEqualTo(Scope.State.CLOSING);
      assertThat(report.complete()).isFalse();
      assertThat(names(report)).containsExactly("inner", "child", "first", "second");
      assertThat(outcomes(report))
          .containsExactly(Outcome.CLOSED, Outcome.CLOSED, Outcome.PENDING, Outcome.PENDING);
      assertThat(report.took()).isEqualTo(millis(1_500));
      assertThat(entryOf(report, "first").took()).isEqualTo(millis(500));
      assertThat(entryOf(report, "second").took()).isEqualTo(Duration.ZERO);
      join(closer);
    });
    assertThat(app.report().clean()).isTrue();
  }

  @Test
  void report_beforeTheClose_isIncompleteAndEmpty() {
    open(app, "a");
    CloseReport report = app.report();
    assertThat(report.scope()).isEqualTo("app");
    assertThat(report.complete()).isFalse();
    assertThat(report.clean()).isFalse();
    assertThat(report.entries()).isEmpty();
    assertThat(report.took()).isZero();
    assertThat(report.startedAt()).isEqualTo(time.instant());
  }

  @Test
  void report_afterACleanClose_isTheOneOfTheClose() {
    open(app, "a");
    CloseReport closed = app.shutdown();
    assertThat(app.report()).isSameAs(closed);
    assertThat(app.shutdown()).isSameAs(closed);
  }

  @Test
  void close_withGroupsOfPriorities_givesTheLastTheirTurnInTime() throws Exception {
    openSlow(app, "log", millis(50)).priority(Priority.LAST);
    for (int i = 0; i < 6; i++) {
      openDeaf(app, "server" + i, FOREVER).priority(Priority.FIRST);
    }
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "log")).isEqualTo(Outcome.CLOSED);
      assertThat(report.took()).isLessThan(seconds(5));
    });
  }

  @Test
  void threadsOfHungClosers_endWithThem_andNoOtherIsLeft() throws Exception {
    openDeaf(app, "hung", seconds(60));
    openDeaf(app, "hung too", seconds(60));
    open(app, "good");
    time.run(app::shutdown);
    time.settle();
    List<String> left = time.describe().lines().skip(1).toList();
    assertThat(left).hasSize(2).allMatch(line -> line.contains("app-closer-"));
    time.advance(seconds(60));
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }
}
