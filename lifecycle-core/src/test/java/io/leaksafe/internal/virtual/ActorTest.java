package io.leaksafe.internal.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActorTest {

  private static final long MILLI = 1_000_000;

  private final CountDownLatch latch = new CountDownLatch(1);
  private final Thread blocked = new Thread(this::awaitLatch, "blocked");
  private final Actor actor = Actor.outsider(blocked);

  @BeforeEach
  void blockAThread() {
    blocked.start();
    while (blocked.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void endTheThread() throws InterruptedException {
    latch.countDown();
    blocked.join();
  }

  private void awaitLatch() {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes samples at the given milliseconds and returns the last answer. */
  private boolean sample(long... millis) {
    boolean answer = false;
    for (long milli : millis) {
      answer = actor.isBlockedOutside(Long.MAX_VALUE - 5 * MILLI + milli * MILLI); // overflows
    }
    return answer;
  }

  @Test
  void isBlockedOutside_longEnoughAndOftenEnough_isTrue() {
    actor.steps.set(2);
    assertThat(sample(0, 2, 4, 6, 10)).isTrue();
  }

  @Test
  void isBlockedOutside_notYetTenMilliseconds_isFalse() {
    actor.steps.set(2);
    assertThat(sample(0, 2, 4, 6, 9)).isFalse();
  }

  @Test
  void isBlockedOutside_machineStalledBetweenFewSamples_isFalse() {
    actor.steps.set(2);
    assertThat(sample(0, 500, 1_000, 1_500)).isFalse();
  }

  @Test
  void isBlockedOutside_insideTheSeam_isFalse() {
    actor.steps.set(3);
    assertThat(sample(0, 2, 4, 6, 8, 10, 12)).isFalse();
  }

  @Test
  void isBlockedOutside_wasInTheSeamMeanwhile_countsAnew() {
    actor.steps.set(2);
    sample(0, 2, 4, 6);
    actor.steps.set(4);
    assertThat(sample(8, 10, 12, 14, 17)).isFalse();
    assertThat(sample(18)).isTrue();
  }

  @Test
  void isBlockedOutside_runs_isFalse() {
    Actor running = Actor.outsider(Thread.currentThread());
    for (int i = 0; i < 10; i++) {
      assertThat(running.isBlockedOutside(2L * MILLI * i)).isFalse();
    }
  }

  @Test
  void isBlockedOutside_threadNotYetKnown_isFalse() {
    assertThat(Actor.starting("starting").isBlockedOutside(0)).isFalse();
    assertThat(Actor.starting("starting").hasPendingInterrupt()).isFalse();
    assertThat(Actor.starting("starting").isTerminated()).isFalse();
  }
}
