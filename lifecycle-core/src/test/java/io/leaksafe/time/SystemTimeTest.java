package io.leaksafe.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.Thread.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

  private static final long FOREVER = Long.MAX_VALUE;

  private final TimeSource time = TimeSource.system();

  @Test
  void system_calledTwice_isTheSame() {
    assertThat(TimeSource.system()).isSameAs(time);
  }

  @Test
  void nanoTime_readTwice_neverGoesBack() {
    long before = System.nanoTime();
    long reading = time.nanoTime();
    assertThat(reading - before).isNotNegative();
    assertThat(System.nanoTime() - reading).isNotNegative();
  }

  @Test
  void instant_any_isTheWallClock() {
    assertThat(time.instant()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void startThread_any_startsADaemonOfThatNameThatInheritsNothing() throws Exception {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    inherited.set("mine");
    CompletableFuture<String> seen = new CompletableFuture<>();
    Thread thread = time.startThread(
        "worker",
        () -> seen.complete(Thread.currentThread().getName()
            + ", "
            + Thread.currentThread().isDaemon()
            + ", "
            + inherited.get()
            + ", "
            + Thread.currentThread().getContextClassLoader()));
    assertThat(seen.get()).isEqualTo("worker, true, null, null");
    assertThat(time.join(thread, FOREVER)).isTrue();
    inherited.remove();
  }

  @Test
  void startThread_bodyThrows_tellsTheUncaughtExceptionHandler() throws Exception {
    CompletableFuture<Throwable> caught = new CompletableFuture<>();
    RuntimeException broken = new RuntimeException("broken");
    Thread thread = time.startThread("failing", () -> {
      Thread.currentThread().setUncaughtExceptionHandler((t, e) -> caught.complete(e));
      throw broken;
    });
    assertThat(caught.get()).isSameAs(broken);
    assertThat(time.join(thread, FOREVER)).isTrue();
  }

  @Test
  void park_zeroOrLess_returnsAtOnce() {
    time.park(this, 0);
    time.park(this, -1);
    time.park(this, Long.MIN_VALUE);
  }

  @Test
  void park_unparkedBefore_returnsAtOnce() {
    time.unpark(Thread.currentThread());
    time.park(this, FOREVER);
  }

  @Test
  void park_interruptedBefore_returnsAtOnceAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    time.park(this, FOREVER);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void park_limit_isWaitedForInALoop() {
    long begin = time.nanoTime();
    long limit = TimeUnit.MILLISECONDS.toNanos(2);
    for (long left = limit; left > 0; left = limit - (time.nanoTime() - begin)) {
      time.park(this, left);
    }
    assertThat(time.nanoTime() - begin).isGreaterThanOrEqualTo(limit);
  }

  @Test
  void unpark_parkedThread_wakesItAndShowsItWhatHappenedBefore() {
    int[] plain = new int[1];
    AtomicBoolean released = new AtomicBoolean();
    CompletableFuture<Integer> seen = new CompletableFuture<>();
    Thread thread = time.startThread("parked", () -> {
      while (!released.get()) {
        time.park(this, FOREVER);
      }
      seen.complete(plain[0]);
    });
    awaitState(thread, State.WAITING);
    assertThat(LockSupport.getBlocker(thread)).isSameAs(this);
    plain[0] = 42;
    released.set(true);
    time.unpark(thread);
    assertThat(seen.join()).isEqualTo(42);
    assertThat(time.join(thread, FOREVER)).isTrue();
  }

  @Test
  void interrupt_threadParkedWithALimit_endsThePark() {
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread = time.startThread("parked", () -> {
      while (!Thread.currentThread().isInterrupted()) {
        time.park(this, TimeUnit.HOURS.toNanos(1));
      }
      flag.complete(Thread.currentThread().isInterrupted());
    });
    awaitState(thread, State.TIMED_WAITING);
    thread.interrupt();
    assertThat(flag.join()).isTrue();
    assertThat(time.join(thread, FOREVER)).isTrue();
  }

  private static void awaitState(Thread thread, State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void join_threadThatRuns_isFalseAtTheLimitAndTrueWhenItHasEnded() {
    CountDownLatch latch = new CountDownLatch(1);
    Thread thread = time.startThread("worker", () -> awaitLatch(latch));
    assertThat(time.join(thread, 0)).isFalse();
    assertThat(time.join(thread, -1)).isFalse();
    assertThat(time.join(thread, 1_000)).isFalse();
    latch.countDown();
    assertThat(time.join(thread, FOREVER)).isTrue();
    assertThat(thread.isAlive()).isFalse();
    assertThat(time.join(thread, 0)).isTrue();
  }

  @Test
  void join_interrupted_isFalseAndKeepsTheFlag() {
    CountDownLatch latch = new CountDownLatch(1);
    Thread thread = time.startThread("worker", () -> awaitLatch(latch));
    Thread.currentThread().interrupt();
    assertThat(time.join(thread, FOREVER)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    latch.countDown();
    assertThat(time.join(thread, FOREVER)).isTrue();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
