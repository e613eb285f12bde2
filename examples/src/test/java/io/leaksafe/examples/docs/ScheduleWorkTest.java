package io.leaksafe.examples.docs;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How to schedule work. */
class ScheduleWorkTest {

  private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-03-07T12:00:00Z"));
  private final CleanupManager app =
      CleanupManager.builder("schedule").timeSource(time).build();
  private final AtomicInteger runs = new AtomicInteger();

  // region scheduler
  private final ManagedScheduler timers = ManagedScheduler.in(app, "timers");

  // endregion

  @AfterEach
  void close() throws Exception {
    time.run(app::close);
  }

  @Test
  void every_taskTakesTime_waitsFromEndToStart() {
    List<Long> starts = new ArrayList<>();
    Journal journal = () -> {
      starts.add(time.elapsed().toSeconds());
      time.sleep(ofSeconds(10));
    };
    // region every
    timers.every("flush", ofMinutes(1), journal::flush);
    // endregion
    time.advance(ofMinutes(5));
    assertThat(starts).containsExactly(60L, 130L, 200L, 270L);
  }

  @Test
  void everyAtFixedRate_taskTakesTime_keepsToItsMoments() {
    List<Long> starts = new ArrayList<>();
    Journal journal = () -> {
      starts.add(time.elapsed().toSeconds());
      time.sleep(ofSeconds(10));
    };
    // region fixed-rate
    timers.everyAtFixedRate("sample", ofMinutes(1), journal::flush);
    // endregion
    time.advance(ofSeconds(290));
    assertThat(starts).containsExactly(60L, 120L, 180L, 240L);
  }

  @Test
  void after_closedBeforeItIsDue_neverRuns() {
    // region after
    var giveUp = timers.after("give-up", ofSeconds(30), runs::incrementAndGet);
    giveUp.close(); // the answer came
    // endregion
    time.advance(ofMinutes(1));
    assertThat(runs).hasValue(0);
    assertThat(timers.size()).isZero();
  }

  @Test
  void at_aMomentOfTheWallClock_holdsWhenTheClockIsSet() {
    // region at
    timers.at("open-market", Instant.parse("2026-03-07T14:30:00Z"), runs::incrementAndGet);
    // endregion
    time.jumpWallClock(ofMinutes(60));
    time.advance(ofMinutes(89));
    assertThat(runs).hasValue(0);
    time.advance(ofMinutes(1));
    assertThat(runs).hasValue(1);
  }

  @Test
  void daily_acrossTheChangeToSummerTime_runsOncePerLocalDay() {
    List<Instant> starts = new ArrayList<>();
    Journal reset = () -> starts.add(time.instant());
    // region daily
    timers.daily("reset", LocalTime.MIDNIGHT, ZoneId.of("America/New_York"), reset::flush);
    // endregion
    time.advance(ofDays(3));
    assertThat(starts)
        .containsExactly(
            Instant.parse("2026-03-08T05:00:00Z"), // before the change: a day of 23 h follows
            Instant.parse("2026-03-09T04:00:00Z"),
            Instant.parse("2026-03-10T04:00:00Z"));
  }

  @Test
  void every_keyInUse_replacesTheFirst() {
    AtomicInteger first = new AtomicInteger();
    // region key
    timers.every("poll", ofSeconds(30), first::incrementAndGet);
    timers.every("poll", ofSeconds(10), runs::incrementAndGet); // replaces the one above
    // endregion
    time.advance(ofMinutes(1));
    assertThat(first).hasValue(0);
    assertThat(runs).hasValue(6);
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void every_taskThrows_runsAgain() {
    time.ignoreTaskFailures();
    timers.every("fails", ofSeconds(10), () -> {
      if (runs.incrementAndGet() == 2) {
        throw new IllegalStateException("the store is away");
      }
    });
    time.advance(ofMinutes(1));
    assertThat(runs).hasValue(6);
  }

  @Test
  void ownedBy_scopeCloses_endsItsTasksAlone() {
    Scope session = app.child("session");
    timers.every("sweep", ofSeconds(10), () -> {});
    // region owned-by
    timers.ownedBy(session).every("heartbeat", ofSeconds(30), runs::incrementAndGet);
    // endregion
    time.advance(ofMinutes(1));
    session.close();
    time.advance(ofMinutes(1));
    assertThat(runs).hasValue(2);
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void asScheduledExecutorService_shutDown_endsItsTasksAlone() {
    timers.every("sweep", ofSeconds(10), () -> {});
    Library library = new Library();
    // region executor
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    library.use(executor);
    // endregion
    time.advance(ofMillis(2_500));
    executor.shutdownNow();
    time.advance(ofMinutes(1));
    assertThat(runs).hasValue(2);
    assertThat(library.sampling).isCancelled();
    assertThat(timers.size()).isEqualTo(1);
  }

  private interface Journal {
    void flush() throws Exception;
  }

  private final class Library {
    private @Nullable Future<?> sampling;

    void use(ScheduledExecutorService executor) {
      sampling = executor.scheduleAtFixedRate(runs::incrementAndGet, 1, 1, TimeUnit.SECONDS);
    }
  }
}
