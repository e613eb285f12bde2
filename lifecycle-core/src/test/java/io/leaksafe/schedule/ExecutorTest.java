package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ThrowableProxy;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The JDK's contract for tasks that run later, or again and again. */
@SuppressWarnings("FutureReturnValueIgnored") // the log tells what became of it
class ExecutorTest extends ExecutorTestCase {

  // ---- once

  @Test
  void schedule_lastNanosecondBeforeTheDelay_hasNotRun() {
    ScheduledFuture<?> future = executor.schedule(runs("task"), 5, SECONDS);
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(future.isDone()).isFalse();
    time.advance(ofNanos(1));
    assertThat(log).containsExactly("5000 task");
    assertThat(future.isDone()).isTrue();
  }

  @Test
  void schedule_callable_hasItsResult() throws Exception {
    ScheduledFuture<String> future = executor.schedule(() -> "result", 5, SECONDS);
    time.advance(ofSeconds(5));
    assertThat(future.get()).isEqualTo("result");
    assertThat(future.isCancelled()).isFalse();
  }

  @Test
  void schedule_runnable_hasNullAsItsResult() throws Exception {
    ScheduledFuture<?> future = executor.schedule(runs("task"), 5, SECONDS);
    time.advance(ofSeconds(5));
    assertThat(future.get()).isNull();
  }

  @Test
  void schedule_taskThatThrows_hasThatAsItsCause() {
    IOException broken = new IOException("broken");
    ScheduledFuture<?> future = executor.schedule(
        () -> {
          throw broken;
        },
        1,
        SECONDS);
    time.advance(ofSeconds(1));
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCause(broken);
    assertThat(messages()).isEmpty();
  }

  @Test
  void schedule_zeroOrNegativeDelay_runsAtOnce() {
    executor.schedule(runs("zero"), 0, SECONDS);
    executor.schedule(runs("negative"), -1, HOURS);
    executor.schedule(runs("most negative"), Long.MIN_VALUE, TimeUnit.DAYS);
    time.settle();
    assertThat(log).containsExactly("0 zero", "0 negative", "0 most negative");
  }

  @Test
  void schedule_longestDelays_neverRun() {
    executor.schedule(runs("nanos"), Long.MAX_VALUE, NANOSECONDS);
    ScheduledFuture<?> days = executor.schedule(runs("days"), Long.MAX_VALUE, TimeUnit.DAYS);
    executor.schedule(runs("soon"), 1, SECONDS);
    time.advance(ofDays(70 * 365));
    assertThat(log).containsExactly("1000 soon");
    assertThat(days.getDelay(TimeUnit.DAYS)).isPositive();
  }

  @Test
  void getDelay_asTimePasses_counts() {
    ScheduledFuture<?> future = executor.schedule(runs("task"), 5, SECONDS);
    assertThat(future.getDelay(SECONDS)).isEqualTo(5);
    time.advance(ofSeconds(2));
    assertThat(future.getDelay(MILLISECONDS)).isEqualTo(3_000);
    time.advance(ofSeconds(5));
    assertThat(future.getDelay(SECONDS)).isEqualTo(-2);
  }

  @Test
  void compareTo_futures_areOrderedByTheirDelay() {
    ScheduledFuture<?> late = executor.schedule(runs("late"), 5, SECONDS);
    ScheduledFuture<?> early = executor.schedule(runs("early"), 2, SECONDS);
    ScheduledFuture<?> never = executor.schedule(runs("never"), Long.MAX_VALUE, NANOSECONDS);
    List<ScheduledFuture<?>> futures = new ArrayList<>(List.of(never, late, early));
    Collections.sort(futures);
    assertThat(futures).isEqualTo(List.of(early, late, never));
    assertThat(late.compareTo(executor.schedule(runs("late, too"), 5, SECONDS))).isZero();
    assertThat(late.compareTo(delayed(7))).isNegative();
    assertThat(late.compareTo(delayed(3))).isPositive();
  }

  private static Delayed delayed(long seconds) {
    return new Delayed() {
      @Override
      public long getDelay(TimeUnit unit) {
        return unit.convert(seconds, SECONDS);
      }

      @Override
      public int compareTo(Delayed other) {
        return Long.compare(getDelay(NANOSECONDS), other.getDelay(NANOSECONDS));
      }
    };
  }

  @Test
  void isPeriodic_future_saysSo() {
    assertThat(((RunnableScheduledFuture<?>) executor.schedule(runs("a"), 1, HOURS)).isPeriodic())
        .isFalse();
    assertThat(((RunnableScheduledFuture<?>) executor.scheduleAtFixedRate(runs("b"), 1, 1, HOURS))
            .isPeriodic())
        .isTrue();
  }

  // ---- again and again

  @Test
  void scheduleAtFixedRate_runsShorterThanThePeriod_keepTheirMoments() {
    executor.scheduleAtFixedRate(lasts("task", 500), 3, 2, SECONDS);
    time.advance(ofMillis(6_500));
    assertThat(log)
        .containsExactly(
            "3000 task begins", "3500 task ends", "5000 task begins", "5500 task ends");
  }

  @Test
  void scheduleAtFixedRate_runAcrossMoments_makesUpForEachOfThem() {
    AtomicInteger runs = new AtomicInteger();
    executor.scheduleAtFixedRate(
        () -> {
          log("task");
          time.sleepUninterruptibly(ofSeconds(runs.getAndIncrement() == 0 ? 5 : 0));
        },
        2,
        2,
        SECONDS);
    time.advance(ofSeconds(10));
    assertThat(log)
        .containsExactly("2000 task", "7000 task", "7000 task", "8000 task", "10000 task");
  }

  @Test
  void scheduleAtFixedRate_runsLongerThanThePeriod_neverOverlap() {
    executor.scheduleAtFixedRate(lasts("task", 3_000), 1, 1, SECONDS);
    time.advance(ofSeconds(8));
    assertThat(log)
        .containsExactly(
            "1000 task begins",
            "4000 task ends",
            "4000 task begins",
            "7000 task ends",
            "7000 task begins");
  }

  @Test
  void scheduleWithFixedDelay_runThatTakesTime_waitsTheDelayFromItsEnd() {
    executor.scheduleWithFixedDelay(lasts("task", 500), 1, 2, SECONDS);
    time.advance(ofSeconds(5));
    assertThat(log)
        .containsExactly(
            "1000 task begins", "1500 task ends", "3500 task begins", "4000 task ends");
  }

  @Test
  void scheduleAtFixedRate_taskThatThrows_endsItsFutureAndIsLogged() {
    IOException broken = new IOException("broken");
    ScheduledFuture<?> future = executor.scheduleAtFixedRate(
        () -> {
          log("task");
          throw new IllegalStateException(broken);
        },
        1,
        1,
        SECONDS);
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("1000 task");
    assertThat(future.isDone()).isTrue();
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasRootCause(broken);
    assertThat(messages())
        .containsExactly(
            "A periodic task of executor 'ExecutorTest/timers/executor-1' failed and, as the JDK's "
                + "contract has it, runs no more. Give it to the scheduler's own every(), whose tasks go on.");
    assertThat(((ThrowableProxy) logged().get(0).getThrowableProxy()).getThrowable())
        .hasCause(broken);
    assertThat(tasks()).isZero();
  }

  @Test
  void scheduleAtFixedRate_longestPeriod_runsOnce() {
    executor.scheduleAtFixedRate(runs("rate"), 1, Long.MAX_VALUE, TimeUnit.DAYS);
    executor.scheduleWithFixedDelay(runs("delay"), 1, Long.MAX_VALUE, NANOSECONDS);
    time.advance(ofDays(70 * 365));
    assertThat(log).containsExactly("0 delay", "86400000 rate");
  }

  @Test
  void schedule_badArguments_areNamed() {
    assertThatThrownBy(() -> executor.schedule((Runnable) null, 1, SECONDS))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("command must not be null.");
    assertThatThrownBy(() -> executor.schedule((Callable<?>) null, 1, SECONDS))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("callable must not be null.");
    assertThatThrownBy(() -> executor.schedule(runs("task"), 1, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("unit must not be null.");
    assertThatThrownBy(() -> executor.scheduleAtFixedRate(null, 1, 1, SECONDS))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("command must not be null.");
    assertThatThrownBy(() -> executor.scheduleAtFixedRate(runs("task"), 1, 0, SECONDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period must be more than zero, was 0 SECONDS.");
    assertThatThrownBy(() -> executor.scheduleWithFixedDelay(runs("task"), 1, -3, HOURS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay must be more than zero, was -3 HOURS.");
    assertThatThrownBy(() -> executor.execute(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.submit((Runnable) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.submit((Callable<?>) null))
        .isInstanceOf(NullPointerException.class);
    assertThat(tasks()).isZero();
  }

  // ---- its handle

  @Test
  void asScheduledExecutorService_open_isAHandleWithItsTasks() {
    executor.schedule(runs("task"), 5, SECONDS);
    HandleInfo info = app.handles().get(0);
    assertThat(info.path()).isEqualTo("ExecutorTest/timers/executor-1");
    assertThat(info.kind()).isEqualTo(Kind.SCHEDULER);
    assertThat(info.details()).containsEntry("tasks", "1");
    assertThat(timers.size()).isZero();
  }

  @Test
  void asScheduledExecutorService_again_isAnotherOne() {
    ScheduledExecutorService second = timers.asScheduledExecutorService();
    assertThat(second).isNotSameAs(executor);
    second.shutdown();
    executor.execute(runs("task"));
    time.settle();
    assertThat(log).containsExactly("0 task");
  }
}
