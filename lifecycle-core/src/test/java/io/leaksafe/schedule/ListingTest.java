package io.leaksafe.schedule;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest extends SchedulerTestCase {

  private Map<String, String> details(String name) {
    return app.handles().stream()
        .filter(handle -> handle.name().equals(name))
        .findFirst()
        .orElseThrow()
        .details();
  }

  @Test
  void handles_scheduler_isEarlyAndBelowItsScope() {
    assertThat(app.handles()).singleElement().satisfies(handle -> {
      assertThat(handle.path()).isEqualTo("ListingTest/timers");
      assertThat(handle.kind()).isEqualTo(Kind.SCHEDULER);
      assertThat(handle.priority()).isEqualTo(Priority.EARLY);
    });
  }

  @Test
  void handles_timer_hasItsKeyAgeAndOpener() {
    time.advance(ofSeconds(3));
    timers.every("sweep", ofSeconds(30), logs("sweep"));
    time.advance(ofSeconds(10));
    HandleInfo sweep = live(Kind.TIMER).get(0);
    assertThat(sweep.path()).isEqualTo("ListingTest/timers/sweep");
    assertThat(sweep.name()).isEqualTo("sweep");
    assertThat(sweep.openedAt()).isEqualTo("2026-01-01T00:00:03Z");
    assertThat(sweep.age()).isEqualTo(ofSeconds(10));
    assertThat(sweep.openedBy()).isEqualTo(Thread.currentThread().getName());
    assertThat(sweep.details())
        .containsExactly(entry("runs", "every 30 s"), entry("next in", "20 s"));
  }

  @Test
  void handles_severalTimers_standBeforeTheirSchedulerLastFirst() {
    timers.every("a", ofSeconds(1), logs("a"));
    timers.after(ofSeconds(1), logs("b"));
    timers.every("c", ofSeconds(1), logs("c"));
    assertThat(app.handles())
        .extracting(HandleInfo::name)
        .containsExactly("c", "after", "a", "timers");
  }

  @Test
  void handles_everyForm_saysHowOftenItRunsAndWhenNext() {
    timers.every("every", ofMillis(1_500), logs("every"));
    timers.everyAtFixedRate("rate", ofMinutes(5), logs("rate"));
    timers.after("after", ofSeconds(90), logs("after"));
    timers.at("at", Instant.parse("2026-01-01T10:00:00Z"), logs("at"));
    timers.daily("daily", LocalTime.of(6, 30), ZoneId.of("Europe/Berlin"), logs("daily"));
    assertThat(details("every"))
        .containsExactly(entry("runs", "every 1.5 s"), entry("next in", "1.5 s"));
    assertThat(details("rate"))
        .containsExactly(entry("runs", "every 5 min, fixed rate"), entry("next in", "5 min"));
    assertThat(details("after"))
        .containsExactly(entry("runs", "once"), entry("next in", "1 min 30 s"));
    assertThat(details("at"))
        .containsExactly(entry("runs", "once, at 2026-01-01T10:00:00Z"), entry("next in", "10 h"));
    assertThat(details("daily"))
        .containsExactly(
            entry("runs", "daily at 06:30 Europe/Berlin"), entry("next in", "5 h 30 min"));
  }

  @Test
  void handles_dailyAfterItsRun_saysWhenItRunsTomorrow() {
    timers.daily("daily", LocalTime.NOON, ZoneId.of("UTC"), logs("daily"));
    time.advance(ofHours(13));
    assertThat(details("daily")).containsEntry("next in", "23 h").containsEntry("done", "1 time");
  }

  @Test
  void handles_clockWasSet_saysWhenItRunsByThat() {
    timers.at("at", Instant.parse("2026-01-01T10:00:00Z"), logs("at"));
    time.jumpWallClock(ofHours(4));
    assertThat(details("at")).containsEntry("next in", "6 h");
    time.jumpWallClock(ofHours(9));
    assertThat(details("at")).containsEntry("next in", "0 ns");
  }

  @Test
  void handles_runningTimer_saysForHowLong() {
    timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    time.advance(ofMillis(6_200));
    assertThat(details("sweep"))
        .containsExactly(entry("runs", "every 5 s"), entry("running for", "1.2 s"));
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void handles_timerThatHasRun_countsRunsAndFailuresAndTimesTheLast() {
    int[] runs = {0};
    timers.every("sweep", ofSeconds(5), () -> {
      runs[0]++;
      time.sleep(ofMillis(runs[0] * 100L));
      if (runs[0] == 2) {
        throw new IOException("broken");
      }
    });
    time.advance(ofMillis(15_600));
    assertThat(details("sweep"))
        .containsExactly(
            entry("runs", "every 5 s"),
            entry("next in", "5 s"),
            entry("done", "3 times"),
            entry("last took", "300 ms"),
            entry("last late by", "0 ns"),
            entry("failed", "1 time"));
  }

  @Test
  void handles_timerThatWaitedForAThread_saysHowLateItWas() {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      timers.after(ofSeconds(1), () -> time.sleep(ofSeconds(3)));
    }
    timers.every("sweep", ofSeconds(2), logs("sweep"));
    time.advance(ofSeconds(3));
    assertThat(details("sweep")).containsEntry("next in", "0 ns");
    time.advance(ofSeconds(1));
    assertThat(details("sweep")).containsEntry("last late by", "2 s");
  }

  @Test
  void handles_closedTimer_isNotListed() {
    timers.every("sweep", ofSeconds(5), logs("sweep")).close();
    assertThat(live(Kind.TIMER)).isEmpty();
  }

  @Test
  void info_closedTimer_saysNothingOfANextRun() {
    Handle<Action> sweep = timers.every("sweep", ofSeconds(5), logs("sweep"));
    time.advance(ofSeconds(5));
    sweep.close();
    assertThat(sweep.info().details()).containsKey("done").doesNotContainKey("next in");
  }

  @Test
  void handles_viewsAndExecutors_areListed() {
    timers.ownedBy(app.child("session")).every("ping", ofSeconds(5), logs("ping"));
    timers.asScheduledExecutorService();
    assertThat(app.handles())
        .extracting(handle -> handle.kind() + " " + handle.path())
        .containsExactly(
            "SCHEDULER ListingTest/timers/executor-1",
            "SCHEDULER ListingTest/timers",
            "TIMER ListingTest/session/timers/ping",
            "SCHEDULER ListingTest/session/timers",
            "SCOPE ListingTest/session");
  }

  @Test
  void size_pendingPeriodicAndRunning_areCounted() {
    assertThat(timers.size()).isZero();
    timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    timers.after(ofSeconds(60), logs("redial"));
    timers.after("keyed", ofSeconds(1), logs("keyed"));
    timers.ownedBy(app.child("session")).every("ping", ofSeconds(5), logs("ping"));
    assertThat(timers.size()).isEqualTo(3);
    time.advance(ofSeconds(6));
    assertThat(timers.size()).isEqualTo(2);
  }

  @Test
  void toString_scheduler_saysItsPathAndSize() {
    assertThat(timers).hasToString("Scheduler 'ListingTest/timers', 0 live");
    timers.every("sweep", ofSeconds(5), logs("sweep"));
    assertThat(timers).hasToString("Scheduler 'ListingTest/timers', 1 live");
  }

  @Test
  void describe_timer_hasARowWithItsDetails() {
    timers.every("sweep", ofSeconds(5), logs("sweep"));
    assertThat(app.describe().lines())
        .anySatisfy(line ->
            assertThat(line).contains("sweep", "TIMER", "EARLY", "runs every 5 s, next in 5 s"));
  }
}
