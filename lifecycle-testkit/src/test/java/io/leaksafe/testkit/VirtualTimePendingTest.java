package io.leaksafe.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.timeout.Timeouts;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a test left pending, and what failed in it, comes out. */
class VirtualTimePendingTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).tracking(Tracking.DISABLED).build();
  private final ManagedScheduler timers = ManagedScheduler.in(app, "timers");
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void closeAll() throws Exception {
    time.run(app::shutdown);
    time.assertNothingPending();
  }

  @Test
  void pending_nothingSet_isEmpty() {
    assertThat(time.pending()).isEmpty();
    time.assertNothingPending();
  }

  @Test
  void pending_timersAndTimeouts_areNamed() {
    timers.every("sweep", ofMinutes(5), runs::incrementAndGet);
    timers.after(ofSeconds(7), runs::incrementAndGet);
    Timeouts.within(app, ofHours(1), CompletableFuture::new);
    assertThat(time.pending())
        .hasSize(3)
        .anySatisfy(
            line -> assertThat(line)
                .isEqualTo(
                    "'app/timers/sweep' TIMER, EARLY, runs every 5 min, next in 5 min, opened 0 ns ago"))
        .anySatisfy(
            line -> assertThat(line).startsWith("'app/timers/after' TIMER").contains("in 7 s"))
        .anySatisfy(line -> assertThat(line).contains("TIMEOUT"));
  }

  @Test
  void pending_onlyAWorkerIsIdle_isEmpty() {
    timers.after(ofSeconds(7), runs::incrementAndGet);
    time.advance(ofSeconds(7));
    assertThat(runs).hasValue(1);
    assertThat(time.describe()).contains("app-worker");
    assertThat(time.pending()).isEmpty();
  }

  @Test
  void pending_threadThatSleeps_isNamed() {
    time.startThread("reader", () -> time.sleepUninterruptibly(ofSeconds(3)));
    time.settle();
    assertThat(time.pending()).containsExactly("thread 'reader', sleeps, due in 3 s");
    time.advance(ofSeconds(3));
  }

  @Test
  void pending_twoManagers_listsBoth() throws Exception {
    CleanupManager other = CleanupManager.builder("other").timeSource(time).build();
    ManagedScheduler.in(other, "timers").every("poll", ofSeconds(1), runs::incrementAndGet);
    timers.every("sweep", ofMinutes(5), runs::incrementAndGet);
    assertThat(time.pending()).hasSize(2);
    time.run(other::close);
    assertThat(time.pending()).singleElement().asString().contains("app/timers/sweep");
  }

  @Test
  void assertNothingPending_timerLeft_saysWhich() {
    time.advance(ofMinutes(1));
    timers.every("sweep", ofMinutes(5), runs::incrementAndGet);
    assertThatThrownBy(time::assertNothingPending)
        .isInstanceOf(AssertionError.class)
        .hasMessage("""
            1 thing still pending in virtual time, 1 min after its start:
              'app/timers/sweep' TIMER, EARLY, runs every 5 min, next in 5 min, opened 0 ns ago
            Close its owner before the test ends: time.run(manager::close).""");
  }

  @Test
  void advanceToNextTimer_aWorkerIsIdle_goesToTheTimer() {
    timers.every("sweep", ofMinutes(5), runs::incrementAndGet);
    assertThat(time.advanceToNextTimer()).isEqualTo(ofMinutes(5));
    assertThat(time.advanceToNextTimer()).isEqualTo(ofMinutes(5));
    assertThat(runs).hasValue(2);
  }

  @Test
  void advanceToNextTimer_onlyAWorkerIsIdle_saysThatThereIsNone() {
    timers.after(ofSeconds(7), runs::incrementAndGet);
    assertThat(time.advanceToNextTimer()).isEqualTo(ofSeconds(7));
    assertThatIllegalStateException()
        .isThrownBy(time::advanceToNextTimer)
        .withMessageStartingWith("No thread waits for a moment in time");
  }

  @Test
  void advance_taskFails_throwsThatOnceItIsDone() {
    timers.every("sweep", ofMinutes(5), () -> {
      runs.incrementAndGet();
      throw new IOException("gone");
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofMinutes(10)))
        .withMessage(
            "Timer 'app/timers/sweep' failed 5 min after the start of virtual time: java.io.IOException: gone."
                + " If that is what this test is about, leave it to the log: ignoreTaskFailures().")
        .withCause(new IOException("gone"))
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
    assertThat(runs).hasValue(2);
    assertThat(time.elapsed()).isEqualTo(ofMinutes(10));
  }

  @Test
  void advance_oneShotFails_throwsThat() {
    timers.after(ofSeconds(1), () -> {
      throw new IOException("gone");
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageStartingWith("Timer 'app/timers/after' failed 1 s after the start");
  }

  @Test
  void ignoreTaskFailures_set_leavesThemToTheLog() {
    time.ignoreTaskFailures();
    timers.every("sweep", ofMinutes(5), () -> {
      runs.incrementAndGet();
      throw new IOException("gone");
    });
    time.advance(ofMinutes(10));
    assertThat(runs).hasValue(2);
  }

  @Test
  void run_taskFailsBeforeTheBodyThrows_isSuppressedInThat() {
    timers.after(ofSeconds(1), () -> {
      throw new IOException("gone");
    });
    assertThatThrownBy(() -> time.run(() -> {
          time.sleep(ofSeconds(2));
          throw new IOException("the body's own");
        }))
        .hasMessage("the body's own")
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
  }
}
