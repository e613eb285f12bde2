package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EveryTest extends SchedulerTestCase {

  @Test
  void every_lastNanosecondBeforeThePeriod_hasNotRun() {
    timers.every("sweep", ofSeconds(5), logs("sweep"));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 sweep");
  }

  @Test
  void every_nobodyClosesIt_runsAgainAndAgain() {
    timers.every("sweep", ofSeconds(5), logs("sweep"));
    time.advance(ofSeconds(20));
    assertThat(log).containsExactly("5000 sweep", "10000 sweep", "15000 sweep", "20000 sweep");
  }

  @Test
  void every_runThatTakesTime_waitsAPeriodFromItsEnd() {
    timers.every("sweep", ofSeconds(5), takes("sweep", ofSeconds(2)));
    time.advance(ofSeconds(15));
    assertThat(log)
        .containsExactly(
            "5000 sweep begins", "7000 sweep ends", "12000 sweep begins", "14000 sweep ends");
  }

  @Test
  void every_runLongerThanThePeriod_neverOverlapsItself() {
    AtomicInteger running = new AtomicInteger();
    timers.every("sweep", ofMillis(1), () -> {
      log("running " + running.incrementAndGet());
      time.sleep(ofSeconds(1));
      running.decrementAndGet();
    });
    time.advance(ofSeconds(4));
    assertThat(log).hasSize(4).allMatch(line -> line.endsWith(" running 1"));
  }

  @Test
  void every_severalTasksDueAtOnce_runSideBySide() {
    for (String name : new String[] {"a", "b", "c"}) {
      timers.every(name, ofSeconds(1), takes(name, ofMillis(500)));
    }
    time.advance(ofMillis(1_500));
    assertThat(log)
        .containsExactly(
            "1000 a begins",
            "1000 b begins",
            "1000 c begins",
            "1500 a ends",
            "1500 b ends",
            "1500 c ends");
  }

  @Test
  void every_moreTasksDueThanThreads_runsAllSomeLate() {
    AtomicInteger runs = new AtomicInteger();
    int tasks = moreThanThreads();
    for (int i = 0; i < tasks; i++) {
      timers.after(ofSeconds(1), () -> {
        time.sleep(ofSeconds(1));
        log("ends");
        runs.incrementAndGet();
      });
    }
    time.advance(ofSeconds(3));
    assertThat(runs).hasValue(tasks);
    assertThat(log).hasSize(tasks).contains("2000 ends", "3000 ends");
  }

  @Test
  void every_periodOfOneNanosecond_runsOncePerNanosecond() {
    AtomicInteger runs = new AtomicInteger();
    timers.every("fast", ofNanos(1), runs::incrementAndGet);
    time.advance(ofNanos(7));
    assertThat(runs).hasValue(7);
  }

  @Test
  void every_periodTooLargeToCount_neverRuns() {
    timers.every("aeon", FOREVER, logs("aeon"));
    timers.every("long", ofNanos(Long.MAX_VALUE), logs("long"));
    time.advance(ofDays(70 * 365));
    assertThat(log).isEmpty();
  }

  @Test
  void every_scheduledFromWithinATask_countsFromThen() {
    timers.after(ofSeconds(3), () -> timers.every("inner", ofSeconds(2), logs("inner")));
    time.advance(ofSeconds(7));
    assertThat(log).containsExactly("5000 inner", "7000 inner");
  }

  @Test
  void every_earlierTaskAddedLater_runsFirst() {
    timers.every("late", ofSeconds(9), logs("late"));
    time.advance(ofSeconds(1));
    timers.every("early", ofSeconds(2), logs("early"));
    time.advance(ofSeconds(2));
    assertThat(log).containsExactly("3000 early");
  }

  @Test
  void every_nothingScheduled_startsNoThread() {
    timers.ownedBy(app.child("session"));
    timers.asScheduledExecutorService();
    time.advance(ofDays(1));
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void every_task_runsOnADaemonThreadOfTheManager() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    timers.every("sweep", ofSeconds(1), () -> thread.set(Thread.currentThread()));
    time.advance(ofSeconds(1));
    assertThat(thread.get().getName()).isEqualTo("EveryTest-worker-1");
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(time.describe()).contains("'EveryTest-timer'");
  }

  @Test
  void close_betweenTwoRuns_endsIt() {
    var sweep = timers.every("sweep", ofSeconds(5), logs("sweep"));
    time.advance(ofSeconds(7));
    sweep.close();
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("5000 sweep");
    assertThat(timers.size()).isZero();
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void close_beforeTheFirstRun_leavesNothingPending() {
    timers.every("sweep", ofSeconds(5), logs("sweep")).close();
    time.advance(ofSeconds(60));
    assertThat(log).isEmpty();
    assertThat(keysOf(timers)).isEmpty();
  }
}
