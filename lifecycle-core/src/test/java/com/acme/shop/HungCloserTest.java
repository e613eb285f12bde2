package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a report says of a closer that hangs in the user's own code, in the machine's time. */
class HungCloserTest {

  private final CountDownLatch release = new CountDownLatch(1);
  private Thread stuck;

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

  @Test
  void report_ofACloserThatHangs_namesItsFrames() throws Exception {
    CleanupManager app =
        CleanupManager.builder("app").timeout(Duration.ofMillis(200)).build();
    app.register("socket", "socket", this::readFromTheDeadServer);
    CloseReport report = app.shutdown();
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
    assertThat(app.report().complete()).isTrue();
  }
}
