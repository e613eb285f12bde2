package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CloseReport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The deadline and the threads once more, with the machine's own time and generous bounds. */
class RealTimeTest {

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch release = new CountDownLatch(1);

  /** Blocks until the test releases it, whoever interrupts it. */
  private void ignoreInterrupts() {
    boolean waiting = true;
    while (waiting) {
      try {
        release.await();
        waiting = false;
      } catch (InterruptedException e) {
        log.add("ignored");
      }
    }
  }

  private static List<Thread> threadsOf(String manager) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(manager + "-"))
        .toList();
  }

  @Test
  void close_with12Of40ThatIgnoreInterruptsFirstInLine_runsTheOther28AndIsBackInTime()
      throws Exception {
    CleanupManager app = CleanupManager.create("deadline");
    List<String> good = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 28; i++) {
      app.register("good" + i, "good", good::add);
    }
    for (int i = 0; i < 12; i++) {
      app.register("bad" + i, "bad", bad -> ignoreInterrupts());
    }
    long before = System.nanoTime();
    CloseReport report = app.shutdown();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    assertThat(took).isLessThan(Duration.ofSeconds(8));
    assertThat(good).hasSize(28);
    assertThat(report.entries()).filteredOn(e -> e.outcome() == Outcome.CLOSED).hasSize(28);
    assertThat(report.live()).hasSize(12);
    assertThat(report.live().get(0).stuckAt())
        .extracting(StackTraceElement::getMethodName)
        .contains("await");
    List<Thread> stuck = threadsOf("deadline");
    assertThat(stuck).hasSizeGreaterThanOrEqualTo(12).allMatch(Thread::isDaemon);
    release.countDown();
    for (Thread thread : stuck) {
      thread.join();
    }
    assertThat(log).as("interrupts, one each").hasSize(12);
    CloseReport after = app.report();
    assertThat(after.complete()).isTrue();
    assertThat(after.entries()).filteredOn(e -> e.outcome() == Outcome.LATE).hasSize(12);
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void close_ofAManagerThatUsedEverything_leavesNoThread() throws Exception {
    CleanupManager app =
        CleanupManager.builder("everything").warnAfter(Duration.ofHours(1)).build();
    app.own("r", () -> {});
    Scope group = app.group("group", 4);
    for (int i = 0; i < 8; i++) {
      group.child("c" + i).own("r", () -> {});
    }
    Scope child = app.child("child");
    child.own("r", () -> {});
    child.close();
    app.register("limited", "r", r -> {}).timeout(Duration.ofSeconds(1)).close();
    assertThat(threadsOf("everything")).isNotEmpty().allMatch(Thread::isDaemon);
    app.close();
    assertThat(app.handles()).isEmpty();
    for (Thread thread : threadsOf("everything")) {
      thread.join(); // helpers of the group may be on their way out
    }
  }

  @Test
  void manager_untilItNeedsOne_hasNoThread() {
    CleanupManager app = CleanupManager.create("unused");
    for (int i = 0; i < 100; i++) {
      app.register("r", "r", r -> {});
    }
    app.register("r", "r", r -> {}).close();
    assertThat(threadsOf("unused")).isEmpty();
    app.close();
  }

  @Test
  void threads_ofAManager_areNamedAfterItAndSeeItsClassLoader() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader mine = new ClassLoader(before) {};
    CleanupManager app;
    Thread.currentThread().setContextClassLoader(mine);
    try {
      app = CleanupManager.create("loader");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    app.register("r", "r", r -> {
      log.add(Thread.currentThread().getName());
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(mine);
      assertThat(Thread.currentThread().isDaemon()).isTrue();
    });
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("loader-closer-1");
  }

  @Test
  void effects_ofACloser_areVisibleAfterClose() {
    for (int round = 0; round < 200; round++) {
      int[] plain = new int[1];
      CleanupManager app = CleanupManager.create("visible");
      for (int i = 0; i < 10; i++) {
        app.defer("adds", () -> plain[0]++);
      }
      app.close();
      assertThat(plain[0]).isEqualTo(10);
    }
  }

  @Test
  void groupOf10_000Sessions_closesInTime() {
    CleanupManager app = CleanupManager.create("sessions");
    Scope sessions = app.group("sessions", 16);
    for (int i = 0; i < 10_000; i++) {
      sessions.child("session").register("socket", "socket", log::add);
    }
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(report.entries()).hasSize(20_001);
    assertThat(log).hasSize(10_000);
  }
}
