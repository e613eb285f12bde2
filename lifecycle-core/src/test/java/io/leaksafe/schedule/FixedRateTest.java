package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Action;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FixedRateTest extends SchedulerTestCase {

  /** A task that logs when it begins, and whose runs take as long as given, the last of them at no time at all. */
  private Action runsOf(Duration... lengths) {
    Iterator<Duration> next = List.of(lengths).iterator();
    return () -> {
      log("tick");
      if (next.hasNext()) {
        time.sleep(next.next());
      }
    };
  }

  @Test
  void everyAtFixedRate_lastNanosecondBeforeThePeriod_hasNotRun() {
    timers.everyAtFixedRate("tick", ofSeconds(5), logs("tick"));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 tick");
  }

  @Test
  void everyAtFixedRate_runsShorterThanThePeriod_keepItsMoments() {
    timers.everyAtFixedRate(
        "tick", ofSeconds(5), runsOf(ofSeconds(2), ofSeconds(4), ofMillis(4_999)));
    time.advance(ofSeconds(20));
    assertThat(log).containsExactly("5000 tick", "10000 tick", "15000 tick", "20000 tick");
  }

  @Test
  void everyAtFixedRate_runAsLongAsThePeriod_missesNoMoment() {
    timers.everyAtFixedRate("tick", ofSeconds(5), runsOf(ofSeconds(5), ofSeconds(5)));
    time.advance(ofSeconds(20));
    assertThat(log).containsExactly("5000 tick", "10000 tick", "15000 tick", "20000 tick");
  }

  @Test
  void everyAtFixedRate_runAcrossOneMoment_isFollowedAtOnceAndThenAtTheNextMoment() {
    timers.everyAtFixedRate("tick", ofSeconds(5), runsOf(ofSeconds(7)));
    time.advance(ofSeconds(20));
    assertThat(log).containsExactly("5000 tick", "12000 tick", "15000 tick", "20000 tick");
  }

  @Test
  void everyAtFixedRate_runAcrossSeveralMoments_runsThemOnceTogether() {
    timers.everyAtFixedRate("tick", ofSeconds(5), runsOf(ofSeconds(23)));
    time.advance(ofSeconds(35));
    assertThat(log).containsExactly("5000 tick", "28000 tick", "30000 tick", "35000 tick");
  }

  @Test
  void everyAtFixedRate_runsAlwaysLongerThanThePeriod_neverOverlap() {
    AtomicInteger running = new AtomicInteger();
    timers.everyAtFixedRate("tick", ofSeconds(5), () -> {
      log("running " + running.incrementAndGet());
      time.sleep(ofSeconds(7));
      running.decrementAndGet();
    });
    time.advance(ofSeconds(30));
    assertThat(log)
        .containsExactly("5000 running 1", "12000 running 1", "19000 running 1", "26000 running 1");
  }

  @Test
  void everyAtFixedRate_dueWhileAllThreadsAreBusy_runsThePassedMomentsOnceTogether() {
    for (int i = 0; i < moreThanThreads() / 2; i++) {
      timers.after(ofSeconds(1), () -> time.sleep(ofSeconds(21)));
    }
    timers.everyAtFixedRate("tick", ofSeconds(5), logs("tick"));
    time.advance(ofSeconds(30));
    assertThat(log).containsExactly("22000 tick", "25000 tick", "30000 tick");
  }

  @Test
  void everyAtFixedRate_periodTooLargeToCount_neverRuns() {
    timers.everyAtFixedRate("aeon", FOREVER, logs("aeon"));
    time.advance(ofDays(70 * 365));
    assertThat(log).isEmpty();
  }

  @Test
  void everyAtFixedRate_closedBetweenTwoRuns_ends() {
    var tick = timers.everyAtFixedRate("tick", ofSeconds(5), logs("tick"));
    time.advance(ofSeconds(7));
    tick.close();
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 tick");
  }
}
