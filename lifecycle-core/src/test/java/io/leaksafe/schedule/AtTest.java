package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AtTest extends SchedulerTestCase {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  AtTest() {
    super(START);
  }

  private void logAt(Instant moment) {
    timers.at("send", moment, () -> log("sent at " + time.instant()));
  }

  @Test
  void at_lastNanosecondBefore_hasNotRun() {
    logAt(START.plusSeconds(5));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 sent at 2026-01-01T00:00:05Z");
  }

  @Test
  void at_daysAhead_runsOnceThen() {
    logAt(START.plus(ofDays(40)).plusSeconds(7));
    time.advance(ofDays(50));
    assertThat(log).containsExactly("3456007000 sent at 2026-02-10T00:00:07Z");
    assertThat(timers.size()).isZero();
    assertThat(keysOf(timers)).isEmpty();
  }

  @Test
  void at_now_runsAtOnce() {
    logAt(START);
    time.settle();
    assertThat(log).containsExactly("0 sent at 2026-01-01T00:00:00Z");
  }

  @Test
  void at_inThePast_runsAtOnce() {
    timers.at("yesterday", START.minus(ofDays(1)), logs("yesterday"));
    timers.at("first", Instant.MIN, logs("first of all moments"));
    time.settle();
    assertThat(log).containsExactly("0 yesterday", "0 first of all moments");
  }

  @Test
  void at_endOfTime_neverRuns() {
    timers.at("last", Instant.MAX, logs("last of all moments"));
    time.advance(ofDays(100));
    assertThat(log).isEmpty();
  }

  @Test
  void at_clockSetPastIt_runsAtTheNextLookWithin15Minutes() {
    logAt(START.plus(ofHours(10)));
    time.advance(ofHours(1));
    time.jumpWallClock(ofHours(20));
    time.advance(ofMinutes(15).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("4500000 sent at 2026-01-01T21:15:00Z");
  }

  @Test
  void at_clockSetForwardToShortlyBefore_runsThen() {
    logAt(START.plus(ofHours(10)));
    time.advance(ofHours(1));
    time.setWallClock(START.plus(ofHours(10)).minusSeconds(20 * 60));
    time.advance(ofHours(1));
    assertThat(log).containsExactly("4800000 sent at 2026-01-01T10:00:00Z");
  }

  @Test
  void at_clockSetBack_runsLaterByThatMuch() {
    logAt(START.plus(ofHours(10)));
    time.advance(ofHours(9));
    time.jumpWallClock(ofHours(-3));
    time.advance(ofHours(4).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("46800000 sent at 2026-01-01T10:00:00Z");
  }

  @Test
  void at_clockSetBackAfterTheLastLook_doesNotRunEarly() {
    logAt(START.plusSeconds(60));
    time.advance(ofSeconds(59));
    time.jumpWallClock(ofSeconds(-30));
    time.advance(ofSeconds(30));
    assertThat(log).isEmpty();
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("90000 sent at 2026-01-01T00:01:00Z");
  }

  @Test
  void at_clockSetForwardAfterTheLastLook_runsAsIfItHadNotBeenSet() {
    logAt(START.plusSeconds(60));
    time.advance(ofSeconds(30));
    time.jumpWallClock(ofSeconds(10));
    time.advance(ofSeconds(30));
    assertThat(log).containsExactly("60000 sent at 2026-01-01T00:01:10Z");
  }

  @Test
  void at_closedBefore_doesNotRun() {
    timers.at("send", START.plus(ofHours(10)), logs("send")).close();
    time.advance(ofDays(1));
    assertThat(log).isEmpty();
  }
}
