package io.leaksafe.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

  private final VirtualTime time = VirtualTime.create();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void noThreadIsLeft() {
    time.settle();
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void create_any_beginsIn2026() {
    assertThat(time.instant()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void startingAt_moment_beginsThere() {
    assertThat(VirtualTime.startingAt(Instant.EPOCH).instant()).isEqualTo(Instant.EPOCH);
    assertThatNullPointerException()
        .isThrownBy(() -> VirtualTime.startingAt(null))
        .withMessage("start must not be null.");
  }

  @Test
  void advance_hour_runsWhatIsDueInIt() {
    AtomicInteger sweeps = new AtomicInteger();
    Thread timer = time.startThread("timer", () -> {
      while (sweeps.get() < 12) {
        time.park(this, ofMinutes(5).toNanos());
        sweeps.incrementAndGet();
      }
    });
    time.advance(ofHours(1));
    assertThat(sweeps).hasValue(12);
    assertThat(time.join(timer, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void advanceToNextTimer_oneWaits_saysHowFar() {
    time.startThread("t", () -> time.sleepUninterruptibly(ofSeconds(7)));
    assertThat(time.advanceToNextTimer()).isEqualTo(ofSeconds(7));
  }

  @Test
  void call_bodyThatSleeps_returnsItsValue() throws Exception {
    String value = time.call(() -> {
      time.sleep(ofHours(1));
      return "done";
    });
    assertThat(value).isEqualTo("done");
    assertThat(time.elapsed()).isEqualTo(ofHours(1));
  }

  @Test
  void run_bodyThrows_throwsTheSame() {
    IOException broken = new IOException("broken");
    assertThatThrownBy(() -> time.run(() -> {
          throw broken;
        }))
        .isSameAs(broken);
  }

  @Test
  void run_closerThatHangs_isGivenUpInVirtualTime() throws Exception {
    time.run(() -> {
      Thread closer = time.startThread("closer", () -> time.sleepUninterruptibly(ofHours(9)));
      log.add("closed in time: " + time.join(closer, ofSeconds(5).toNanos()));
    });
    assertThat(log).containsExactly("closed in time: false");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(5));
    time.advance(ofHours(9));
  }

  @Test
  void unpark_parkedThread_wakesIt() {
    Thread parked = time.startThread("parked", () -> {
      time.park(this, Long.MAX_VALUE);
      log.add("woken");
    });
    time.settle();
    assertThat(time.describe()).isEqualTo("""
            virtual time, 0 ns after its start, 2026-01-01T00:00:00Z
              'parked'  parked on VirtualTimeTest  no deadline""");
    time.unpark(parked);
    time.settle();
    assertThat(log).containsExactly("woken");
  }

  @Test
  void patience_threadNeverWaits_isNamedAfterThat() {
    CountDownLatch latch = new CountDownLatch(1);
    Thread stuck = time.patience(ofMillis(300)).startThread("stuck", () -> awaitLatch(latch));
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageContaining("did not come to wait in it within 300 ms of real time")
        .withMessageContaining("'stuck' runs (WAITING)");
    latch.countDown();
    time.patience(ofSeconds(10));
    assertThat(time.join(stuck, Long.MAX_VALUE)).isTrue();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void wallClock_setOrJumped_leavesTheMonotonicClock() {
    long nanos = time.nanoTime();
    time.setWallClock(Instant.EPOCH);
    time.jumpWallClock(ofHours(-1));
    assertThat(time.instant()).isEqualTo(Instant.EPOCH.minusSeconds(3_600));
    assertThat(time.nanoTime()).isEqualTo(nanos);
  }

  @Test
  void run_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.run(null))
        .withMessage("body must not be null.");
  }

  @Test
  void toString_any_isOneLine() {
    assertThat(time).hasToString("virtual time, 0 ns after its start");
  }
}
