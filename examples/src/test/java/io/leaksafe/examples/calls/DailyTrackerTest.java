package io.leaksafe.examples.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Kind;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DailyTrackerTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final DailyTracker lines = new DailyTracker(app, 3);
  private final Instant now = time.instant();

  @AfterEach
  void close() throws Exception {
    time.run(app::shutdown);
  }

  @Test
  void status_lineNeverUsed_isFree() {
    assertThat(lines.status("a"))
        .isEqualTo(new DailyTracker.Status("a", false, 0, Optional.empty(), 0));
  }

  @Test
  void status_afterTransfer_saysUntilWhen() {
    lines.began("a");
    lines.transferred("a", now);

    assertThat(lines.status("a").heldUntil()).contains(now.plus(DailyTracker.TRANSFER_WINDOW));
  }

  @Test
  void status_newCallDuringTheHold_isBusyBeyondIt() {
    lines.began("a");
    lines.transferred("a", now);
    lines.began("a");

    time.advance(DailyTracker.TRANSFER_WINDOW);
    assertThat(lines.status("a").busy()).isTrue();
  }

  @Test
  void status_atTheEndOfTheWindow_isFree_andNotEarlier() {
    lines.began("a");
    lines.transferred("a", now);

    time.advance(DailyTracker.TRANSFER_WINDOW.minusNanos(1));
    assertThat(lines.status("a").busy()).isTrue();
    time.advance(Duration.ofNanos(1));
    assertThat(lines.status("a").busy()).isFalse();
  }

  @Test
  void takeReleased_afterTheWindow_countsEachLineOnce() {
    lines.began("a");
    lines.transferred("a", now);
    assertThat(lines.takeReleased()).isZero();

    time.advance(DailyTracker.TRANSFER_WINDOW.plusMillis(5));
    assertThat(lines.takeReleased()).isEqualTo(1);
    assertThat(lines.takeReleased()).isZero();
    assertThat(lines.figures().held()).isZero();
  }

  @Test
  void transferred_again_holdsForAWholeWindowFromThen() {
    lines.began("a");
    lines.transferred("a", now);
    time.advance(Duration.ofMinutes(20));
    lines.began("a");
    lines.transferred("a", time.instant());

    time.advance(Duration.ofMinutes(20));
    assertThat(lines.status("a").busy()).isTrue();
    assertThat(lines.figures().held()).isEqualTo(1);
  }

  @Test
  void transfers_100000_takeNoTimerEach_andAreGone5MsAfterTheWindow() {
    DailyTracker many = new DailyTracker(app.child("many"), 100_000);
    for (int i = 0; i < 100_000; i++) {
      many.began("line " + i);
      many.transferred("line " + i, now);
    }
    assertThat(app.handles()).filteredOn(handle -> handle.kind() == Kind.TIMER).isEmpty();
    assertThat(many.figures().held()).isEqualTo(100_000);

    time.advance(DailyTracker.TRANSFER_WINDOW.plusMillis(5));
    assertThat(many.takeReleased()).isEqualTo(100_000);
    assertThat(many.figures().held()).isZero();
  }

  @Test
  void newDay_forgetsFreeLinesAndKeepsBusyOnes() {
    lines.began("free");
    lines.ended("free");
    lines.began("active");
    lines.began("held");
    lines.transferred("held", now);

    lines.newDay();

    assertThat(lines.figures()).extracting("known", "busy", "held").containsExactly(2, 2, 1);
    assertThat(lines.status("active")).extracting("busy", "callsToday").containsExactly(true, 0);
  }

  @Test
  void began_full_forgetsTheFreeLineUnusedForLongest() {
    lines.began("busy");
    for (String line : new String[] {"old", "young", "new"}) {
      lines.began(line);
      lines.ended(line);
    }

    assertThat(lines.figures().known()).isEqualTo(3);
    assertThat(lines.status("old").callsToday()).isZero();
    assertThat(lines.status("young").callsToday()).isEqualTo(1);
  }

  @Test
  void began_fullOfBusyAndHeldLines_givesUpAHoldAndNeverAnActiveLine() {
    lines.began("held");
    lines.transferred("held", now);
    lines.began("b");
    lines.began("c");

    lines.began("d");

    assertThat(lines.status("held").busy()).isFalse();
    assertThat(lines.figures()).extracting("known", "busy").containsExactly(3, 3);
  }
}
