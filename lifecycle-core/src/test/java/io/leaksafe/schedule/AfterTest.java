package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AfterTest extends SchedulerTestCase {

  @Test
  void after_lastNanosecondBeforeTheDelay_hasNotRun() {
    timers.after("redial", ofSeconds(5), logs("redial"));
    timers.after(ofSeconds(5), logs("anonymous"));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(log).isEmpty();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 redial", "5000 anonymous");
  }

  @Test
  void after_hasRun_runsNoMore() {
    timers.after("redial", ofSeconds(5), logs("redial"));
    timers.after(ofSeconds(5), logs("anonymous"));
    time.advance(ofDays(1));
    assertThat(log).hasSize(2);
  }

  static Stream<Duration> noDelay() {
    return Stream.of(
        Duration.ZERO, ofNanos(-1), ofNanos(Long.MIN_VALUE), ofSeconds(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("noDelay")
  void after_noOrNegativeDelay_runsAtOnce(Duration delay) {
    timers.after("now", delay, logs("now"));
    timers.after(delay, logs("anonymous"));
    time.settle();
    assertThat(log).containsExactly("0 now", "0 anonymous");
  }

  static Stream<Duration> tooLong() {
    return Stream.of(
        ofNanos(Long.MAX_VALUE), ofNanos(Long.MAX_VALUE).plusNanos(1), ofSeconds(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void after_delayTooLargeToCount_neverRunsAndCanBeClosed(Duration delay) {
    Handle<Action> never = timers.after("never", delay, logs("never"));
    timers.after(ofMillis(1), logs("soon"));
    time.advance(ofDays(70 * 365));
    assertThat(log).containsExactly("1 soon");
    never.close();
    assertThat(timers.size()).isZero();
  }

  @Test
  void after_hasRun_handleIsClosedAndKeyIsFree() {
    Handle<Action> redial = timers.after("redial", ofSeconds(5), logs("redial"));
    Handle<Action> anonymous = timers.after(ofSeconds(5), logs("anonymous"));
    assertThat(timers.size()).isEqualTo(2);
    time.advance(ofSeconds(5));
    assertThat(timers.size()).isZero();
    assertThat(keysOf(timers)).isEmpty();
    assertThat(timerPaths()).isEmpty();
    assertThatThrownBy(redial::get)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(
            "'AfterTest/timers/redial' is closed or closing. Use it before that, or open it again.");
    assertThatThrownBy(anonymous::get)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(
            "'AfterTest/timers/after' is closed or closing. Use it before that, or open it again.");
  }

  @Test
  void after_pending_handleHasTheTask() {
    Action task = logs("redial");
    assertThat(timers.after("redial", ofSeconds(5), task).get()).isSameAs(task);
  }

  @Test
  void after_hasFailed_handleIsClosedAndKeyIsFree() {
    timers.after("redial", ofSeconds(5), () -> {
      throw new IllegalStateException("line is busy");
    });
    time.advance(ofSeconds(5));
    assertThat(timers.size()).isZero();
    assertThat(keysOf(timers)).isEmpty();
    assertThat(timerPaths()).isEmpty();
  }

  @Test
  void after_handleClosedBefore_doesNotRun() {
    Handle<Action> redial = timers.after("redial", ofSeconds(5), logs("redial"));
    Handle<Action> anonymous = timers.after(ofSeconds(5), logs("anonymous"));
    redial.close();
    anonymous.close();
    time.advance(ofDays(1));
    assertThat(log).isEmpty();
    assertThat(keysOf(timers)).isEmpty();
  }

  @Test
  void after_handleClosedTwice_isHarmless() {
    Handle<Action> redial = timers.after("redial", ofSeconds(5), logs("redial"));
    redial.close();
    redial.close();
    assertThat(timers.size()).isZero();
  }

  @Test
  void after_keyOfATaskThatHasRun_canBeUsedAgain() {
    timers.after("redial", ofSeconds(1), logs("first"));
    time.advance(ofSeconds(1));
    timers.after("redial", ofSeconds(1), logs("second"));
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 first", "2000 second");
  }

  @Test
  void after_manyWithoutAKey_allRun() {
    for (int i = 0; i < 100; i++) {
      timers.after(ofMillis(1 + i), logs("task"));
    }
    assertThat(timers.size()).isEqualTo(100);
    time.advance(ofMillis(100));
    assertThat(log).hasSize(100).startsWith("1 task", "2 task").endsWith("100 task");
  }

  @Test
  void after_schedulesItselfAgainUnderItsKey_goesOn() {
    timers.after("chain", ofSeconds(1), this::chain);
    time.advance(ofSeconds(3));
    assertThat(log).containsExactly("1000 chain", "2000 chain", "3000 chain");
    assertThat(timers.size()).isEqualTo(1);
    assertThat(timerPaths()).containsExactly("timers/chain");
  }

  private void chain() {
    log("chain");
    timers.after("chain", ofSeconds(1), this::chain);
  }
}
