package io.leaksafe.internal.virtual;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PatienceTest extends VirtualTestCase {

  private final CountDownLatch latch = new CountDownLatch(1);

  @Test
  void advance_threadBlockedForTooLong_namesItWithStateAndStack() {
    time.patience(ofMillis(300));
    Thread idle = start("idle", () -> park(2_500));
    time.settle();
    Thread blocked = start("blocked", this::awaitLatch);
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageStartingWith(
            "Virtual time cannot move, 0 ns after its start: 1 thread did not come to wait in it"
                + " within 300 ms of real time. Let them wait through the TimeSource, or end, or raise"
                + " patience(..):\n  'blocked' runs (WAITING)\n      at ")
        .withMessageContaining("PatienceTest.awaitLatch(PatienceTest.java:")
        .withMessageEndingWith("""
            virtual time, 0 ns after its start, 2026-01-01T00:00:00Z
              'blocked'  runs (WAITING)
              'idle'     parked on PatienceTest  due in 2.5 s""");
    assertThat(time.elapsed()).isZero();
    end(blocked);
    time.unpark(idle);
  }

  private void awaitLatch() {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void end(Thread blocked) {
    latch.countDown();
    time.patience(ofSeconds(10));
    assertThat(time.join(blocked, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void advance_threadSpinsForTooLong_namesIt() {
    time.patience(ofMillis(30));
    AtomicBoolean stop = new AtomicBoolean();
    Thread spinning = start("spinning", () -> {
      while (!stop.get()) {
        Thread.onSpinWait();
      }
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageContaining("'spinning' runs (RUNNABLE)\n      at ");
    stop.set(true);
    end(spinning);
  }

  @Test
  void advance_twoThreadsWakeEachOtherForever_givesUp() {
    AtomicBoolean stop = new AtomicBoolean();
    Thread[] pair = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int other = 1 - i;
      pair[i] = start("t" + i, () -> {
        time.park(this, Long.MAX_VALUE);
        while (!stop.get()) {
          time.unpark(pair[other]);
          time.park(this, Long.MAX_VALUE);
        }
        time.unpark(pair[other]);
      });
    }
    time.settle();
    time.patience(ofMillis(30));
    time.unpark(pair[0]);
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageStartingWith("Virtual time cannot move");
    stop.set(true);
    time.patience(ofSeconds(10));
    assertThat(time.join(pair[0], Long.MAX_VALUE)).isTrue();
    assertThat(time.join(pair[1], Long.MAX_VALUE)).isTrue();
  }

  @Test
  void run_lockHeldByAThreadThatWaits_namesTheOneThatWantsIt() {
    time.patience(ofMillis(300));
    Object lock = new Object();
    Thread second = start("second", () -> {
      park(1);
      synchronized (lock) {
        log("got the lock");
      }
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(() -> {
          synchronized (lock) {
            park(5);
          }
        }))
        .withMessageContaining("  'second' runs (BLOCKED)\n");
    time.patience(ofSeconds(10));
    assertThat(time.join(second, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void park_fromOutsideAndNobodyMovesTime_saysWhatToDo() {
    time.patience(ofMillis(30));
    assertThatIllegalStateException()
        .isThrownBy(() -> park(1_000))
        .withMessage("'"
            + Thread.currentThread().getName()
            + "' waits in virtual time, which nobody has moved for 30 ms of real time. Run this"
            + " code inside call(..), or advance(..) from another thread.\n"
            + "virtual time, 0 ns after its start, 2026-01-01T00:00:00Z\n"
            + "  '"
            + Thread.currentThread().getName()
            + "'  parked on PatienceTest  due in 1 s");
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void join_fromOutsideAndNobodyMovesTime_saysWhatToDo() {
    time.patience(ofMillis(30));
    Thread idle = start("idle", () -> park(2_500));
    assertThatIllegalStateException()
        .isThrownBy(() -> time.join(idle, Long.MAX_VALUE))
        .withMessageContaining("waits in virtual time, which nobody has moved for 30 ms");
    time.unpark(idle);
  }

  @Test
  void park_fromOutsideAndNobodyMovesTimeWhileInterruptsAreKept_throwsWithTheFlagSet() {
    time.patience(ofMillis(30));
    Thread.currentThread().interrupt();
    assertThatIllegalStateException().isThrownBy(() -> time.sleepUninterruptibly(ofSeconds(1)));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void isOver_machineStalls_countsLittleOfIt() {
    Patience patience = new Patience();
    patience.set(3 * Patience.LOOK_NANOS);
    Patience.Wait wait = patience.begin(0);
    assertThat(wait.isOver(100 * Patience.LOOK_NANOS)).isFalse();
    assertThat(wait.isOver(200 * Patience.LOOK_NANOS)).isFalse();
    assertThat(wait.isOver(300 * Patience.LOOK_NANOS)).isFalse();
    assertThat(wait.isOver(300 * Patience.LOOK_NANOS + 1)).isTrue();
  }

  @Test
  void isOverUndriven_somebodyMovesOrMovedTime_beginsAnew() {
    Patience patience = new Patience();
    patience.set(10);
    Patience.Wait wait = patience.begin(0);
    assertThat(wait.isOverUndriven(10)).isFalse();
    patience.driveBeginsOrEnds();
    assertThat(wait.isOverUndriven(20)).isFalse();
    assertThat(wait.isOverUndriven(40)).isFalse();
    patience.driveBeginsOrEnds();
    assertThat(wait.isOverUndriven(60)).isFalse();
    assertThat(wait.isOverUndriven(70)).isFalse();
    assertThat(wait.isOverUndriven(71)).isTrue();
  }

  @Test
  void patience_zeroNegativeOrNull_saysWhat() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.patience(ZERO))
        .withMessage("patience must be longer than zero, was 0 ns.");
    assertThatNullPointerException()
        .isThrownBy(() -> time.patience(null))
        .withMessage("patience must not be null.");
  }
}
