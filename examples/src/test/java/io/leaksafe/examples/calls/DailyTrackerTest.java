package io.leaksafe.examples.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DailyTrackerTest {

  private final DailyTracker lines = new DailyTracker(3);
  private Instant now = Instant.parse("2026-01-28T14:00:00Z");

  @Test
  void status_lineNeverUsed_isFree() {
    assertThat(lines.status("a", now))
        .isEqualTo(new DailyTracker.Status("a", false, 0, Optional.empty(), 0));
  }

  @Test
  void status_afterTransfer_saysUntilWhen() {
    lines.began("a", now);
    lines.transferred("a", now);

    assertThat(lines.status("a", now).heldUntil()).contains(now.plus(DailyTracker.TRANSFER_WINDOW));
  }

  @Test
  void status_newCallDuringTheHold_isBusyBeyondIt() {
    lines.began("a", now);
    lines.transferred("a", now);
    lines.began("a", now);

    now = now.plus(DailyTracker.TRANSFER_WINDOW);
    assertThat(lines.status("a", now).busy()).isTrue();
  }

  @Test
  void sweep_beforeTheWindowEnds_releasesNothing() {
    lines.began("a", now);
    lines.transferred("a", now);

    assertThat(lines.sweep(now.plus(DailyTracker.TRANSFER_WINDOW).minusNanos(1)))
        .isZero();
  }

  @Test
  void sweep_afterTheWindow_releasesEachLineOnce() {
    lines.began("a", now);
    lines.transferred("a", now);
    now = now.plus(DailyTracker.TRANSFER_WINDOW);

    assertThat(lines.sweep(now)).isEqualTo(1);
    assertThat(lines.sweep(now)).isZero();
  }

  @Test
  void newDay_forgetsFreeLinesAndKeepsBusyOnes() {
    lines.began("free", now);
    lines.ended("free");
    lines.began("active", now);
    lines.began("held", now);
    lines.transferred("held", now);

    lines.newDay(now);

    assertThat(lines.figures(now)).extracting("known", "busy", "held").containsExactly(2, 2, 1);
    assertThat(lines.status("active", now))
        .extracting("busy", "callsToday")
        .containsExactly(true, 0);
  }

  @Test
  void began_full_forgetsTheFreeLineUnusedForLongest() {
    lines.began("busy", now);
    for (String line : new String[] {"old", "young", "new"}) {
      lines.began(line, now);
      lines.ended(line);
    }

    assertThat(lines.figures(now).known()).isEqualTo(3);
    assertThat(lines.status("old", now).callsToday()).isZero();
    assertThat(lines.status("young", now).callsToday()).isEqualTo(1);
  }

  @Test
  void began_fullOfBusyAndHeldLines_givesUpAHoldAndNeverAnActiveLine() {
    lines.began("held", now);
    lines.transferred("held", now);
    lines.began("b", now);
    lines.began("c", now);

    lines.began("d", now);

    assertThat(lines.status("held", now).busy()).isFalse();
    assertThat(lines.figures(now)).extracting("known", "busy").containsExactly(3, 3);
  }
}
