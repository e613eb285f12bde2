package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a report says of a closer that hangs in the user's own code, in the machine's time. */
class HungCloserTest {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  private final CountDownLatch release = new CountDownLatch(1);
  private final Ahead time = new Ahead();
  private volatile Thread stuck;

  /** The machine's time, put forward by the test. */
  private static final class Ahead implements TimeSource {
    private final TimeSource machine = TimeSource.system();
    private volatile long aheadNanos;

    @Override
    public long nanoTime() {
      return machine.nanoTime() + aheadNanos;
    }

    @Override
    public Instant instant() {
      return machine.instant().plusNanos(aheadNanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
      machine.park(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
      machine.unpark(thread);
    }

    @Override
    public Thread startThread(String name, Runnable body) {
      return machine.startThread(name, body);
    }

    @Override
    public boolean join(Thread thread, long nanos) {
      return machine.join(thread, nanos);
    }
  }

  private void readFromTheDeadServer(String socket) {
    stuck = Thread.currentThread();
    boolean reading = true;
    while (reading) {
      try {
        release.await();
        reading = false;
      } catch (InterruptedException e) {
        reading = !socket.isEmpty();
      }
    }
  }

  /** Lets the time of the close be over as soon as the closer waits, not before. */
  private void endTheTimeOnceItWaits(Thread closing) {
    while (stuck == null || stuck.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    time.aheadNanos = TIMEOUT.toNanos();
    time.unpark(closing);
  }

  @Test
  void report_ofACloserThatHangs_namesItsFrames() throws Exception {
    CleanupManager app =
        CleanupManager.builder("app").timeout(TIMEOUT).timeSource(time).build();
    app.register("socket", "socket", this::readFromTheDeadServer);
    Thread closing = Thread.currentThread();
    Thread clock = new Thread(() -> endTheTimeOnceItWaits(closing), "clock");
    clock.start();
    CloseReport report = app.shutdown();
    clock.join();
    assertThat(report.live()).hasSize(1);
    assertThat(report.live().get(0).stuckAt())
        .extracting(StackTraceElement::getMethodName)
        .containsSubsequence("await", "readFromTheDeadServer");
    assertThat(report.toString())
        .contains("stuck at java.util.concurrent.CountDownLatch.await(CountDownLatch.java:")
        .contains(
            "stuck at com.acme.shop.HungCloserTest.readFromTheDeadServer(HungCloserTest.java:");
    release.countDown();
    stuck.join();
    while (!app.report().complete()) { // by who closes after it, on another thread
      Thread.onSpinWait();
    }
    assertThat(app.report().live()).isEmpty();
  }
}
