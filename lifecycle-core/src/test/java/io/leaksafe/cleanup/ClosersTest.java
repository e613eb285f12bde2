package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Closer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Closers for what the JDK has; in real time, since they wait in the JDK's own classes. */
class ClosersTest {

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @Test
  void executor_withTasksThatEnd_waitsForThem() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    ExecutorService executor = Executors.newSingleThreadExecutor();
    app.register("executor", executor, Closers.executor());
    CountDownLatch running = new CountDownLatch(1);
    executor.execute(() -> {
      running.countDown();
      log.add("first");
    });
    executor.execute(() -> log.add("second"));
    running.await();
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(log).containsExactly("first", "second");
  }

  /** Runs a closer on a thread of its own, interrupts it once it waits, and returns what it threw. */
  private static <T> Throwable interrupted(
      Closer<? super T> closer, T resource, BooleanSupplier isClosing) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(
        () -> {
          try {
            closer.close(resource);
          } catch (Throwable failure) {
            thrown.set(failure);
          }
        },
        "closer");
    thread.start();
    while (!isClosing.getAsBoolean() || thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    return thrown.get();
  }

  /** Begins a task that ends when it is interrupted. */
  private void obey(ExecutorService executor) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    executor.execute(() -> {
      running.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        log.add("interrupted");
      }
    });
    running.await();
  }

  @Test
  void executor_whoseCloserIsInterrupted_interruptsItsTasks() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    obey(executor);
    Throwable thrown = interrupted(Closers.executor(), executor, executor::isShutdown);
    // the second on a machine so busy that the task was not over within 25 ms
    assertThat(thrown).isInstanceOfAny(InterruptedException.class, IllegalStateException.class);
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(log).containsExactly("interrupted");
  }

  @Test
  void executor_withTasksThatNeverBegan_saysHowManyWereDropped() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    obey(executor);
    executor.execute(() -> log.add("dropped"));
    executor.execute(() -> log.add("dropped"));
    assertThat(interrupted(Closers.executor(), executor, executor::isShutdown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 tasks that had not begun were dropped.");
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(log).containsExactly("interrupted");
  }

  @Test
  void executor_withATaskThatIgnoresInterrupts_saysSo() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    executor.execute(() -> {
      running.countDown();
      ignoreInterrupts(release);
    });
    running.await();
    assertThat(interrupted(Closers.executor(), executor, executor::isShutdown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(" still runs tasks that ignore interrupts; 0 tasks");
    release.countDown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private void ignoreInterrupts(CountDownLatch until) {
    boolean waiting = true;
    while (waiting) {
      try {
        until.await();
        waiting = false;
      } catch (InterruptedException e) {
        log.add("ignored");
      }
    }
  }

  @Test
  void thread_thatObeys_isInterruptedAndJoined() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    CountDownLatch never = new CountDownLatch(1);
    Thread worker = new Thread(
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            log.add("interrupted");
          }
        },
        "worker");
    worker.start();
    app.register("worker", worker, Closers.thread());
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(worker.isAlive()).isFalse();
    assertThat(log).containsExactly("interrupted");
    worker.join();
  }

  @Test
  void thread_thatIgnoresInterrupts_isReported() throws Exception {
    CleanupManager app =
        CleanupManager.builder("app").timeout(Duration.ofMillis(200)).build();
    CountDownLatch release = new CountDownLatch(1);
    Thread worker = new Thread(() -> ignoreInterrupts(release), "worker");
    worker.setDaemon(true);
    worker.start();
    app.register("worker", worker, Closers.thread());
    assertThat(app.shutdown().clean()).isFalse();
    release.countDown();
    worker.join();
  }

  @Test
  void thread_closedOnThatThreadItself_doesNotWaitForItself() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    Thread worker = new Thread(
        () -> {
          app.register("worker", Thread.currentThread(), Closers.thread()).close();
          log.add("closed, interrupted " + Thread.interrupted());
        },
        "worker");
    worker.start();
    worker.join();
    assertThat(log).containsExactly("closed, interrupted true");
    app.close();
  }

  @Test
  void process_thatEndsOnRequest_isWaitedFor() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    Process process = new ProcessBuilder("cat").start();
    app.register("cat", process, Closers.process());
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void process_thatIgnoresTheRequest_isKilled() throws Exception {
    Process process = new ProcessBuilder(
            "sh", "-c", "trap '' TERM; echo ready; while true; do read x; done")
        .start();
    assertThat(process.getInputStream().read()).isEqualTo('r');
    // the second on a machine so busy that it was not gone within 25 ms
    assertThat(interrupted(Closers.process(), process, () -> true))
        .isInstanceOfAny(InterruptedException.class, IllegalStateException.class);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void timer_withTasks_isCancelled() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    Timer timer = new Timer("timer", true);
    CountDownLatch ran = new CountDownLatch(1);
    app.register("timer", timer, Closers.timer());
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            ran.countDown();
          }
        },
        0,
        1_000_000);
    ran.await();
    assertThat(app.shutdown().clean()).isTrue();
    assertThatThrownBy(() -> timer.schedule(
            new TimerTask() {
              @Override
              public void run() {}
            },
            0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stop_ofSomethingThatTakesSeconds_roundsUp() throws Exception {
    for (String delay : List.of("PT0S", "PT0.000000001S", "PT1S", "PT1.5S", "PT2147483647S")) {
      Closers.<String>stop((what, seconds) -> log.add(what + " " + seconds), Duration.parse(delay))
          .close("server");
    }
    assertThat(log)
        .containsExactly("server 0", "server 1", "server 1", "server 2", "server 2147483647");
  }

  @Test
  void stop_withADelayOutOfRange_quotesIt() {
    Map.of(
            "PT-0.000000001S", "-1 ns",
            "PT2147483647.000000001S", "24855 d 3 h",
            "PT1000000H", "41666 d 16 h")
        .forEach((delay, shown) -> assertThatThrownBy(
                () -> Closers.<String>stop((what, seconds) -> {}, Duration.parse(delay)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("delay must be from zero to 2,147,483,647 s, was " + shown + "."));
  }

  @Test
  void stop_withoutItsParts_saysWhichIsMissing() {
    assertThatThrownBy(() -> Closers.stop(null, Duration.ZERO))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("stop must not be null.");
    assertThatThrownBy(() -> Closers.<String>stop((what, seconds) -> {}, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("delay must not be null.");
  }
}
