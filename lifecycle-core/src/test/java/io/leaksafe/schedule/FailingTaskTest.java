package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.HandleInfo;
import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailingTaskTest extends SchedulerTestCase {

  private static Action fails(Throwable failure) {
    return () -> {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    };
  }

  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("broken"),
        new IOException("broken"),
        new AssertionError("broken"),
        new StackOverflowError("broken"),
        new OutOfMemoryError("broken"),
        new InterruptedException("broken"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void every_taskThatThrows_isCountedAndLoggedWithItsKeyAndGoesOn(Throwable failure) {
    timers.every("sweep", ofSeconds(5), fails(failure));
    time.advance(ofSeconds(15));
    HandleInfo sweep = app.handles().get(0);
    assertThat(sweep.details()).containsEntry("done", "3 times").containsEntry("failed", "3 times");
    assertThat(messages())
        .containsExactly(
            "Timer 'FailingTaskTest/timers/sweep' failed in run 1, every 5 s.",
            "Timer 'FailingTaskTest/timers/sweep' failed in run 2, every 5 s.",
            "Timer 'FailingTaskTest/timers/sweep' failed in run 3, every 5 s.");
    assertThat(logged()).allSatisfy(event -> {
      assertThat(event.getLevel()).isEqualTo(Level.WARN);
      assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable()).isSameAs(failure);
    });
  }

  @Test
  void every_taskThatThrowsOnItsSecondRun_runsTheThirdAndFourth() {
    AtomicInteger runs = new AtomicInteger();
    timers.every("sweep", ofSeconds(1), () -> {
      log("run " + runs.incrementAndGet());
      if (runs.get() == 2) {
        throw new IllegalStateException("broken");
      }
    });
    time.advance(ofSeconds(4));
    assertThat(log).containsExactly("1000 run 1", "2000 run 2", "3000 run 3", "4000 run 4");
    assertThat(app.handles().get(0).details()).containsEntry("failed", "1 time");
    assertThat(messages())
        .containsExactly("Timer 'FailingTaskTest/timers/sweep' failed in run 2, every 1 s.");
  }

  @Test
  void everyAtFixedRate_taskThatThrows_goesOn() {
    timers.everyAtFixedRate("tick", ofSeconds(5), fails(new IllegalStateException("broken")));
    time.advance(ofSeconds(10));
    assertThat(messages())
        .containsExactly(
            "Timer 'FailingTaskTest/timers/tick' failed in run 1, every 5 s, fixed rate.",
            "Timer 'FailingTaskTest/timers/tick' failed in run 2, every 5 s, fixed rate.");
  }

  @Test
  void daily_taskThatThrows_goesOn() {
    timers.daily("reset", LocalTime.NOON, ZoneId.of("UTC"), fails(new IOException("broken")));
    time.advance(ofDays(2));
    assertThat(messages())
        .containsExactly(
            "Timer 'FailingTaskTest/timers/reset' failed in run 1, daily at 12:00 UTC.",
            "Timer 'FailingTaskTest/timers/reset' failed in run 2, daily at 12:00 UTC.");
  }

  @Test
  void after_taskThatThrows_isLoggedOnceAndOver() {
    timers.after("redial", ofSeconds(5), fails(new IOException("broken")));
    timers.after(ofSeconds(5), fails(new IOException("broken")));
    time.advance(ofSeconds(60));
    assertThat(messages())
        .containsExactly(
            "Timer 'FailingTaskTest/timers/redial' failed in run 1, once.",
            "Timer 'FailingTaskTest/timers/after' failed in run 1, once.");
    assertThat(timers.size()).isZero();
  }

  @Test
  void every_neighbourThatThrows_doesNotDisturb() {
    timers.every("broken", ofSeconds(5), fails(new AssertionError("broken")));
    timers.every("sweep", ofSeconds(5), logs("sweep"));
    time.advance(ofSeconds(10));
    assertThat(log).containsExactly("5000 sweep", "10000 sweep");
  }

  @Test
  void every_taskOfAViewThatThrows_isLoggedWithItsScope() {
    timers
        .ownedBy(app.child("session-7"))
        .every("ping", ofSeconds(5), fails(new IOException("broken")));
    time.advance(ofSeconds(5));
    assertThat(messages())
        .containsExactly(
            "Timer 'FailingTaskTest/session-7/timers/ping' failed in run 1, every 5 s.");
  }

  @Test
  void close_duringARunThatThrows_closesCleanly() throws Exception {
    var sweep = timers.every("sweep", ofSeconds(5), () -> {
      time.sleep(ofSeconds(1));
      throw new IllegalStateException("broken");
    });
    time.advance(ofSeconds(5));
    time.run(sweep::close);
    assertThat(time.elapsed()).isEqualTo(ofSeconds(6));
    assertThat(messages())
        .containsExactly("Timer 'FailingTaskTest/timers/sweep' failed in run 1, every 5 s.");
  }
}
