package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.Test;

/** The JDK's contract for futures that are cancelled: nothing of them stays. */
@SuppressWarnings("FutureReturnValueIgnored") // the log tells what became of it
class ExecutorCancelTest extends ExecutorTestCase {

  @Test
  void cancel_beforeItIsDue_leavesNothing() {
    int pending = pending();
    ScheduledFuture<?> future = executor.schedule(runs("task"), 5, SECONDS);
    assertThat(future.cancel(false)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(future.cancel(true)).isFalse();
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    assertThat(tasks()).isZero();
    assertThat(pending()).isEqualTo(pending);
    time.advance(ofSeconds(9));
    assertThat(log).isEmpty();
  }

  @Test
  void cancel_periodicBetweenTwoRuns_leavesNothing() {
    ScheduledFuture<?> future = executor.scheduleAtFixedRate(runs("task"), 1, 2, SECONDS);
    time.advance(ofSeconds(4));
    future.cancel(false);
    time.advance(ofSeconds(9));
    assertThat(log).containsExactly("1000 task", "3000 task");
    assertThat(tasks()).isZero();
    assertThat(pending()).isZero();
  }

  @Test
  void cancel_whileItRuns_interruptsIfAskedTo() {
    ScheduledFuture<?> future = executor.schedule(
        () -> {
          log("begins");
          try {
            time.sleep(ofSeconds(9));
          } catch (InterruptedException e) {
            log("interrupted");
          }
        },
        1,
        SECONDS);
    time.advance(ofSeconds(2));
    assertThat(future.cancel(true)).isTrue();
    time.settle();
    assertThat(log).containsExactly("1000 begins", "2000 interrupted");
    assertThat(tasks()).isZero();
  }

  @Test
  void cancel_whileItRunsWithoutInterrupt_letsThatRunEnd() {
    ScheduledFuture<?> future = executor.scheduleAtFixedRate(lasts("task", 3_000), 1, 1, SECONDS);
    time.advance(ofSeconds(2));
    assertThat(future.cancel(false)).isTrue();
    time.advance(ofSeconds(9));
    assertThat(log).containsExactly("1000 task begins", "4000 task ends");
    assertThat(tasks()).isZero();
  }

  @Test
  void cancel_interruptOfARun_doesNotReachTheNextTask() {
    ScheduledFuture<?> future = executor.schedule(lasts("task", 1_000), 1, SECONDS);
    time.advance(ofMillis(1_500));
    future.cancel(true);
    time.advance(ofMillis(500));
    executor.execute(() -> log("interrupted " + Thread.currentThread().isInterrupted()));
    time.settle();
    assertThat(log).containsExactly("1000 task begins", "2000 task ends", "2000 interrupted false");
  }

  @Test
  void cancel_fromWithinThePeriodicTask_endsIt() {
    List<ScheduledFuture<?>> self = new ArrayList<>();
    self.add(executor.scheduleAtFixedRate(
        () -> {
          log("task");
          self.get(0).cancel(false);
        },
        1,
        1,
        SECONDS));
    time.advance(ofSeconds(9));
    assertThat(log).containsExactly("1000 task");
    assertThat(tasks()).isZero();
    assertThat(pending()).isZero();
  }

  @Test
  void cancel_100000Scheduled_leavesNothing() {
    for (int i = 0; i < 100_000; i++) {
      executor.schedule(runs("task"), 1 + i, SECONDS).cancel(false);
    }
    assertThat(tasks()).isZero();
    assertThat(pending()).isZero();
  }
}
