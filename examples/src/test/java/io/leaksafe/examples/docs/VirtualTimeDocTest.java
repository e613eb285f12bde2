package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How to test with virtual time. */
class VirtualTimeDocTest {

  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void advance_anHour_firesEveryTimerInIt() throws Exception {
    // region advance
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    ManagedScheduler.in(app, "timers").every("sweep", ofMinutes(5), runs::incrementAndGet);

    time.advance(ofHours(1));
    assertThat(runs).hasValue(12);
    // endregion

    assertShown("VirtualTimeDocTest", "describe", time.describe());
    // region next
    Duration passed = time.advanceToNextTimer();
    // endregion
    assertThat(passed).isEqualTo(ofMinutes(5));
    // region close
    time.run(app::close);
    // endregion
  }

  @Test
  void call_aCloserThatHangs_takesTheWholeTotalInNoTime() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    // region hang
    app.register("obeys", "resource", resource -> time.sleep(ofHours(1)));
    app.register("ignores", "resource", resource -> time.sleepUninterruptibly(ofHours(1)));

    CloseReport report = time.call(app::shutdown);

    assertThat(report.entries())
        .extracting(CloseReport.Entry::outcome)
        .containsExactly(Outcome.HUNG, Outcome.TIMED_OUT);
    assertThat(time.elapsed()).isLessThan(ofMillis(5_100));
    // endregion
    time.advance(ofHours(1));
    assertThat(app.report().live()).isEmpty();
  }

  @Test
  void advance_taskFails_isToldOnceAllIsDone() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    ManagedScheduler.in(app, "timers").every("sweep", ofMinutes(5), () -> {
      throw new IOException("disk full");
    });
    Throwable failure = catchThrowable(() -> time.advance(ofMinutes(5)));
    assertShown("VirtualTimeDocTest", "failed", failure.getMessage());
    // region ignore
    time.ignoreTaskFailures().advance(ofMinutes(5));
    // endregion
    Throwable pending = catchThrowable(time::assertNothingPending);
    assertShown(
        "VirtualTimeDocTest",
        "pending",
        pending.getMessage().replaceAll("by '[^']*'", "by 'main'"));
    time.run(app::close);
    time.assertNothingPending();
  }

  @Test
  void startingAt_theDayBeforeAChange_runsDailyOnce() throws Exception {
    // region daily
    VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-10-31T12:00:00Z"));
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    ManagedScheduler.in(app, "timers")
        .daily("reset", LocalTime.of(1, 30), ZoneId.of("America/New_York"), runs::incrementAndGet);

    time.advance(ofDays(1)); // in this night, 1:30 comes twice
    assertThat(runs).hasValue(1);
    // endregion
    time.run(app::close);
  }

  @Test
  void jumpWallClock_forward_makesAtDueOnceItLooks() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    // region wall-clock
    ManagedScheduler.in(app, "timers")
        .at("open", time.instant().plus(ofHours(3)), runs::incrementAndGet);
    time.jumpWallClock(ofHours(3)); // somebody sets the clock
    time.advance(ofMinutes(15)); // it is read again at least that often
    assertThat(runs).hasValue(1);
    // endregion
    time.run(app::close);
  }

  @Test
  void advance_taskTakesTime_isSeenToTakeIt() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("virtual").timeSource(time).build();
    // region slow-task
    ManagedScheduler.in(app, "timers").every("export", ofMinutes(1), () -> {
      time.sleep(ofSeconds(20)); // instead of the real work
      runs.incrementAndGet();
    });
    time.advance(ofMinutes(4));
    assertThat(runs).hasValue(3); // a minute from the end of one to the start of the next
    // endregion
    time.run(app::close);
  }
}
