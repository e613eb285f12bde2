package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Handles that have been live for longer than they should be. */
class WarnAfterTest extends CleanupTestCase {

  private final CleanupListener listener = new CleanupListener() {
    @Override
    public void suspect(HandleInfo handle, String reason) {
      log.add(time.elapsed().toMillis() + " " + reason);
    }
  };

  private CleanupManager app(Duration warnAfter) {
    CleanupManager.Builder builder = CleanupManager.builder("app").listener(listener);
    return build(warnAfter == null ? builder : builder.warnAfter(warnAfter));
  }

  // ---- of one handle

  @Test
  void handleOlderThanItsLimit_isToldOnceSoonAfter() {
    CleanupManager app = app(null);
    open(app, "a").warnAfter(seconds(8));
    open(app, "b");
    time.advance(seconds(7));
    assertThat(log).isEmpty();
    time.advance(seconds(2));
    assertThat(log)
        .containsExactly("8000 'app/a' has been live for 8 s, longer than the 8 s after which it is"
            + " to be warned of.");
    time.advance(seconds(100));
    assertThat(log).hasSize(1);
  }

  @Test
  void handleOfOddAge_isToldAtMostAnEighthOfItsLimitLate() {
    CleanupManager app = app(null);
    time.advance(millis(777));
    open(app, "a").warnAfter(seconds(8));
    time.advance(millis(8_999));
    assertThat(log).hasSize(1);
  }

  @Test
  void handleClosedInTime_isNotTold() {
    CleanupManager app = app(null);
    Handle<String> handle = open(app, "a").warnAfter(seconds(8));
    time.advance(seconds(7));
    handle.close();
    time.advance(seconds(100));
    assertThat(log).containsExactly("a");
  }

  @Test
  void handleReleasedInTime_isNotTold() {
    CleanupManager app = app(null);
    Handle<String> handle = open(app, "a").warnAfter(seconds(8));
    handle.release();
    time.advance(seconds(100));
    assertThat(log).isEmpty();
  }

  @Test
  void handleWithLimit_countsFromItsOpeningAndNotFromTheCall() {
    CleanupManager app = app(null);
    Handle<String> handle = open(app, "a");
    time.advance(seconds(10));
    handle.warnAfter(seconds(8));
    time.advance(seconds(1));
    assertThat(log).hasSize(1);
  }

  @Test
  void handlesLimit_setTwice_countsTheLast() {
    CleanupManager app = app(null);
    open(app, "a").warnAfter(seconds(8)).warnAfter(seconds(80));
    time.advance(seconds(40));
    assertThat(log).isEmpty();
    time.advance(seconds(50));
    assertThat(log).hasSize(1);
  }

  @Test
  void handlesLimit_ofADeferredAction_isToldToo() {
    CleanupManager app = app(null);
    app.defer("flush", () -> {}).warnAfter(seconds(1));
    time.advance(seconds(2));
    assertThat(log).hasSize(1);
  }

  @Test
  void handleMovedToAnotherScope_keepsItsLimit() {
    CleanupManager app = app(null);
    Handle<String> handle = open(app, "a").warnAfter(seconds(8));
    app.child("child").adopt(handle);
    time.advance(seconds(10));
    assertThat(log).singleElement().asString().contains("'app/child/a'");
  }

  @Test
  void lastLimitGone_leavesNoTimerPending() {
    CleanupManager app = app(null);
    Handle<String> handle = open(app, "a").warnAfter(seconds(8));
    handle.close();
    time.advance(seconds(20));
    assertThat(time.describe()).contains("no deadline");
  }

  // ---- of the manager

  @Test
  void managersLimit_holdsForEveryHandleBelow() {
    CleanupManager app = app(seconds(8));
    Scope child = app.child("child");
    open(child, "old");
    time.advance(seconds(4));
    open(child, "young");
    open(app, "of the root");
    time.advance(seconds(5));
    assertThat(log).hasSize(2);
    assertThat(log.get(0)).contains("'app/child'");
    assertThat(log.get(1)).contains("'app/child/old'");
    time.advance(seconds(4));
    assertThat(log).hasSize(4);
    assertThat(log.subList(2, 4))
        .anyMatch(line -> line.contains("'app/child/young'"))
        .anyMatch(line -> line.contains("'app/of the root'"));
    time.advance(seconds(100));
    assertThat(log).hasSize(4);
  }

  @Test
  void managersLimit_isOverruledByTheHandlesOwn() {
    CleanupManager app = app(seconds(8));
    Scope child = app.child("child");
    open(child, "patient").warnAfter(seconds(80));
    open(child, "impatient").warnAfter(seconds(2));
    time.advance(seconds(20));
    assertThat(log).hasSize(2);
    assertThat(log.get(0)).contains("impatient").contains("longer than the 2 s");
    assertThat(log.get(1)).contains("'app/child' ");
    time.advance(seconds(80));
    assertThat(log).hasSize(3).last().asString().contains("'app/child/patient'");
  }

  @Test
  void managersLimit_ofAnActionDeferredToTheClose_isNotTold() {
    CleanupManager app = app(seconds(8));
    app.child("child").defer("flush", () -> {});
    time.advance(seconds(100));
    assertThat(log).noneMatch(line -> line.contains("flush"));
  }

  @Test
  void managersLimit_sweepsWithoutTouchingWhatIsYoung() {
    CleanupManager app = app(seconds(8));
    Scope child = app.child("child");
    for (int i = 0; i < 100; i++) {
      Handle<String> handle = open(child, "h" + i);
      time.advance(seconds(1));
      handle.close();
    }
    assertThat(log)
        .filteredOn(line -> line.contains("live"))
        .singleElement()
        .asString()
        .contains("'app/child' ");
  }

  @Test
  void managersLimit_afterClose_isQuiet() throws Exception {
    CleanupManager app = app(seconds(8));
    open(app.child("child"), "a");
    time.run(app::close);
    time.advance(seconds(100));
    assertThat(log).containsExactly("a");
  }

  // ---- check()

  @Test
  void check_now_listsAndTellsWhatIsTooOld() {
    CleanupManager app = app(null);
    open(app, "a").warnAfter(seconds(80));
    open(app, "b").warnAfter(seconds(800));
    open(app, "c");
    time.advance(seconds(79));
    assertThat(app.check()).isEmpty();
    time.advance(seconds(1));
    assertThat(names(app.check())).containsExactly("a");
    assertThat(names(app.check())).containsExactly("a");
    assertThat(log).hasSize(1);
  }

  @Test
  void check_betweenTwoSweeps_doesNotWaitForTheNext() {
    CleanupManager app = app(seconds(80));
    Scope child = app.child("child");
    time.advance(seconds(1));
    open(child, "a");
    time.advance(seconds(80));
    assertThat(names(app.check())).contains("a");
    assertThat(log).filteredOn(line -> line.contains("child/a")).hasSize(1);
    time.advance(seconds(20));
    assertThat(log).filteredOn(line -> line.contains("child/a")).hasSize(1);
  }

  @Test
  void check_withoutLimits_isEmpty() {
    CleanupManager app = app(null);
    open(app, "a");
    time.advance(Duration.ofDays(1));
    assertThat(app.check()).isEmpty();
  }

  @Test
  void check_afterClose_isEmpty() {
    CleanupManager app = app(seconds(1));
    open(app, "a").warnAfter(seconds(1));
    app.close();
    time.advance(seconds(10));
    assertThat(app.check()).isEmpty();
  }
}
