package io.leaksafe.internal.virtual;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdvanceTest extends VirtualTestCase {

  @Test
  void nanoTime_nobodyAdvances_standsStill() {
    long before = time.nanoTime();
    start("worker", () -> log("ran"));
    time.settle();
    assertThat(time.nanoTime()).isEqualTo(before);
  }

  @Test
  void advance_nobodyWaits_movesBothClocksByExactlyThat() {
    long nanos = time.nanoTime();
    Instant wall = time.instant();
    time.advance(ofNanos(1_500_000_001));
    assertThat(time.nanoTime() - nanos).isEqualTo(1_500_000_001);
    assertThat(Duration.between(wall, time.instant())).isEqualTo(ofNanos(1_500_000_001));
    assertThat(time.elapsed()).isEqualTo(ofNanos(1_500_000_001));
  }

  @Test
  void advance_severalDeadlines_wakesEachAtItsMomentInOrder() {
    for (int millis : new int[] {30, 10, 20}) {
      start("t" + millis, () -> parkAndLog(millis));
    }
    time.advance(ofMillis(25));
    assertThat(log).containsExactly("10 woken after 10", "20 woken after 20");
    time.advance(ofMillis(5));
    assertThat(log).last().isEqualTo("30 woken after 30");
  }

  private void parkAndLog(long millis) {
    park(millis);
    log("woken after " + millis);
  }

  @Test
  void advance_untilOneNanosecondBeforeTheDeadline_wakesNobody() {
    Thread thread = start("t", () -> parkAndLog(10));
    time.advance(ofMillis(10).minusNanos(1));
    assertThat(waits(thread)).isTrue();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("10 woken after 10");
  }

  @Test
  void advance_deadlineSetOnTheWay_isNotPassedOver() {
    start("periodic", () -> {
      for (int i = 0; i < 5; i++) {
        parkAndLog(10);
      }
    });
    time.advance(ofSeconds(1));
    assertThat(log)
        .containsExactly(
            "10 woken after 10",
            "20 woken after 10",
            "30 woken after 10",
            "40 woken after 10",
            "50 woken after 10");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(1));
  }

  @Test
  void advance_tiedDeadlines_wakesInParkOrderAndSettlesInBetween() {
    for (String name : List.of("a", "b", "c")) {
      start(name, () -> {
        park(10);
        log(name);
        start(name + "'s helper", () -> log(name + "'s helper"));
      });
    }
    time.advance(ofMillis(10));
    assertThat(log)
        .containsExactly("10 a", "10 a's helper", "10 b", "10 b's helper", "10 c", "10 c's helper");
  }

  @Test
  void advance_tiedOnesOneUnparksTheOther_wakesThatOneOnce() {
    Thread[] second = new Thread[1];
    start("first", () -> {
      park(10);
      time.unpark(second[0]);
      log("first");
    });
    second[0] = start("second", () -> {
      park(10);
      log("second");
      park(10);
      log("second again");
    });
    time.advance(ofMillis(20));
    assertThat(log).containsExactly("10 first", "10 second", "20 second again");
  }

  @Test
  void advance_twoHundredParkedThreads_wakesAllInOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 200; i >= 1; i--) {
      int millis = i;
      start("t" + i, () -> parkAndLog(millis));
    }
    for (int i = 1; i <= 200; i++) {
      expected.add(i + " woken after " + i);
    }
    time.advance(ofMillis(200));
    assertThat(log).containsExactlyElementsOf(expected);
  }

  @Test
  void advance_zero_runsWhatIsReadyAndMovesNothing() {
    start("ready", () -> log("ran"));
    Thread waiting = start("waiting", () -> parkAndLog(1));
    time.advance(ZERO);
    assertThat(log).containsExactly("0 ran");
    assertThat(waits(waiting)).isTrue();
    time.advance(ofMillis(1));
  }

  @Test
  void advance_byMoreThan292Years_saturatesAndWakesEveryDeadlineOnTheWay() {
    start("late", () -> time.park(this, FOREVER - 1));
    Thread never = start("never", () -> time.park(this, FOREVER));
    time.advance(ofSeconds(Long.MAX_VALUE));
    assertThat(time.elapsed()).isEqualTo(ofNanos(Long.MAX_VALUE));
    assertThat(time.describe()).contains("'never'").doesNotContain("'late'");
    time.unpark(never);
  }

  @Test
  void park_deadlineBeyondTheEndOfTime_isDueAtTheEnd() {
    time.advance(ofSeconds(60));
    start("late", () -> time.park(this, FOREVER - 1));
    time.settle();
    assertThat(time.advanceToNextTimer()).isEqualTo(ofNanos(FOREVER).minusSeconds(60));
  }

  @Test
  void nanoTime_acrossItsOverflow_keepsDifferencesRight() {
    for (long origin : new long[] {Long.MAX_VALUE - 5_000_000, -5_000_000, Long.MIN_VALUE, 0}) {
      VirtualScheduler other = new VirtualScheduler(Instant.EPOCH, origin);
      AtomicLong slept = new AtomicLong();
      assertThat(other.nanoTime()).isEqualTo(origin);
      other.startThread("sleeper", () -> {
        long begin = other.nanoTime();
        other.park(this, 10_000_000);
        slept.set(other.nanoTime() - begin);
      });
      other.advance(ofMillis(10));
      assertThat(slept).hasValue(10_000_000);
    }
  }

  @Test
  void nanoTime_oneSecondAfterTheStart_overflows() {
    assertThat(time.nanoTime()).isPositive();
    time.advance(ofSeconds(1).plusNanos(1));
    assertThat(time.nanoTime()).isNegative();
  }

  @Test
  void advance_negativeDuration_saysWhichAndWhatToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.advance(ofSeconds(-5)))
        .withMessage("duration must not be negative, was -5 s. Only the wall clock can go back:"
            + " jumpWallClock(..).");
  }

  @Test
  void advance_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.advance(null))
        .withMessage("duration must not be null.");
  }

  @Test
  void advance_onAThreadOfThisTime_saysWhatToDo() {
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(() -> time.advance(ofSeconds(1))))
        .withMessage(
            "'virtual-time-call' is a thread of this virtual time and cannot move it, since it"
                + " would wait for itself. Here, sleep(..) lets time pass.");
  }

  @Test
  void advance_whileAnotherThreadDoes_saysWho() throws Exception {
    time.run(() -> startOutside("other", () -> logFailure(() -> time.advance(ofSeconds(1))))
        .join());
    assertThat(log)
        .containsExactly("0 '"
            + Thread.currentThread().getName()
            + "' moves this virtual time already. Leave it to one thread at a time.");
  }

  @Test
  void advanceToNextTimer_severalDeadlines_goesToTheEarliestAndNoFurther() {
    start("b", () -> parkAndLog(20));
    start("a", () -> parkAndLog(10));
    assertThat(time.advanceToNextTimer()).isEqualTo(ofMillis(10));
    assertThat(log).containsExactly("10 woken after 10");
    assertThat(time.advanceToNextTimer()).isEqualTo(ofMillis(10));
    assertThat(log).hasSize(2);
  }

  @Test
  void advanceToNextTimer_tiedDeadlines_wakesAllOfThem() {
    start("a", () -> parkAndLog(10));
    start("b", () -> parkAndLog(10));
    time.advanceToNextTimer();
    assertThat(log).hasSize(2);
  }

  @Test
  void advanceToNextTimer_threadStillRunning_settlesFirst() {
    start("setter", () -> {
      start("inner", () -> parkAndLog(7));
    });
    assertThat(time.advanceToNextTimer()).isEqualTo(ofMillis(7));
  }

  @Test
  void advanceToNextTimer_nobodyHasADeadline_saysSoWithTheThreads() {
    Thread idle = start("idle", () -> time.park(this, FOREVER));
    assertThatIllegalStateException()
        .isThrownBy(time::advanceToNextTimer)
        .withMessage(
            "No thread waits for a moment in time, so there is none to advance to. Start what sets"
                + " a timer first.\n"
                + "virtual time, 0 ns after its start, 2026-01-01T00:00:00Z\n"
                + "  'idle'  parked on AdvanceTest  no deadline");
    time.unpark(idle);
  }
}
