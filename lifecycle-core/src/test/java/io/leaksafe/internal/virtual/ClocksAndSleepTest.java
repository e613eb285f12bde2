package io.leaksafe.internal.virtual;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClocksAndSleepTest extends VirtualTestCase {

  @Test
  void instant_atFirst_isTheStart() {
    assertThat(time.instant()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(new VirtualScheduler(Instant.EPOCH).instant()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void new_nullStart_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> new VirtualScheduler(null))
        .withMessage("start must not be null.");
  }

  @Test
  void jumpWallClock_backOrForth_leavesTheMonotonicClock() {
    long nanos = time.nanoTime();
    time.jumpWallClock(ofHours(-1));
    assertThat(time.instant()).isEqualTo("2025-12-31T23:00:00Z");
    time.jumpWallClock(ofHours(3));
    assertThat(time.instant()).isEqualTo("2026-01-01T02:00:00Z");
    assertThat(time.nanoTime()).isEqualTo(nanos);
  }

  @Test
  void setWallClock_afterTimePassed_goesOnFromThere() {
    time.advance(ofSeconds(5));
    time.setWallClock(Instant.EPOCH);
    assertThat(time.instant()).isEqualTo(Instant.EPOCH);
    time.advance(ofSeconds(1));
    assertThat(time.instant()).isEqualTo(Instant.EPOCH.plusSeconds(1));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(6));
  }

  @Test
  void setWallClock_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.setWallClock(null))
        .withMessage("instant must not be null.");
    assertThatNullPointerException()
        .isThrownBy(() -> time.jumpWallClock(null))
        .withMessage("by must not be null.");
  }

  @Test
  void sleep_unparkedMeanwhile_sleepsOnAndKeepsThePermit() throws Exception {
    Thread sleeper = start("sleeper", () -> {
      time.sleepUninterruptibly(ofSeconds(1));
      log("slept");
      park(1_000);
      log("permit used");
    });
    time.run(() -> {
      park(1);
      time.unpark(sleeper);
      time.sleep(ofSeconds(2));
    });
    assertThat(log).containsExactly("1000 slept", "1000 permit used");
  }

  @Test
  void sleep_interrupted_throwsThenAndClearsTheFlag() throws Exception {
    Thread sleeper = start("sleeper", () -> {
      logFailure(() -> time.sleep(ofSeconds(90)));
      log("flag " + Thread.currentThread().isInterrupted());
    });
    time.run(() -> {
      park(3);
      sleeper.interrupt();
    });
    assertThat(log)
        .containsExactly("3 'sleeper' was interrupted in a sleep of 1 min 30 s.", "3 flag false");
  }

  @Test
  void sleep_interruptedBefore_throwsAtOnceEvenForZero() throws Exception {
    time.run(() -> {
      Thread.currentThread().interrupt();
      logFailure(() -> time.sleep(ZERO));
      log("flag " + Thread.interrupted());
    });
    assertThat(log)
        .containsExactly(
            "0 'virtual-time-call' was interrupted in a sleep of 0 ns.", "0 flag false");
  }

  @Test
  void sleepUninterruptibly_interrupted_sleepsOnAndKeepsTheFlag() throws Exception {
    Thread sleeper = start("sleeper", () -> {
      time.sleepUninterruptibly(ofMillis(10));
      log("flag " + Thread.currentThread().isInterrupted());
    });
    time.run(() -> {
      park(3);
      sleeper.interrupt();
      park(3);
      sleeper.interrupt();
      time.join(sleeper, FOREVER);
    });
    assertThat(log).containsExactly("10 flag true");
  }

  @Test
  void sleepUninterruptibly_interruptedBefore_sleepsAndKeepsTheFlag() throws Exception {
    time.run(() -> {
      Thread.currentThread().interrupt();
      time.sleepUninterruptibly(ofMillis(10));
      log("flag " + Thread.interrupted());
    });
    assertThat(log).containsExactly("10 flag true");
  }

  @Test
  void sleep_zero_returnsAtOnce() throws Exception {
    time.sleep(ZERO);
    time.sleepUninterruptibly(ZERO);
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void sleep_outsider_endsWhenTimeHasPassed() throws Exception {
    Thread outsider = startOutside("outsider", () -> time.sleepUninterruptibly(ofSeconds(1)));
    awaitWaiting(outsider);
    time.advance(ofSeconds(1));
    outsider.join();
  }

  @Test
  void sleep_negative_saysWhich() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.sleep(ofSeconds(-1)))
        .withMessageStartingWith("duration must not be negative, was -1 s.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.sleepUninterruptibly(ofSeconds(-1)))
        .withMessageStartingWith("duration must not be negative, was -1 s.");
  }

  @Test
  void describe_eachKindOfWait_isNamedInTheOrderOfDeadlines() throws Exception {
    Thread idle = start("idle", () -> time.park(new Object(), FOREVER));
    start("joins", () -> time.join(idle, ofSeconds(60).toNanos()));
    start("sleeps", () -> time.sleepUninterruptibly(ofSeconds(2)));
    time.advance(ofSeconds(1));
    String described = time.call(() -> {
      start("ready", () -> log("ran"));
      return time.describe();
    });
    assertThat(described.lines().map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactly(
            "virtual time, 1 s after its start, 2026-01-01T00:00:01Z",
            "'virtual-time-call' runs (RUNNABLE)",
            "'ready' ready",
            "'sleeps' sleeps due in 1 s",
            "'joins' joins 'idle' due in 59 s",
            "'idle' parked on Object no deadline",
            "'" + Thread.currentThread().getName() + "' moves time");
    time.unpark(idle);
    time.advance(ofSeconds(2));
  }

  @Test
  void toString_any_isOneLine() {
    time.advance(ofMillis(1_200));
    assertThat(time).hasToString("virtual time, 1.2 s after its start");
  }
}
