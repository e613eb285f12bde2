package com.acme.leaks;

import io.leaksafe.handle.Action;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import io.leaksafe.testkit.leak.LeakProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs something under a probe of its own. */
final class Probed {

  /** Never opened: what waits for it waits until it is interrupted. */
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Probed() {}

  /** What it leaves, asked once: it does not go away by itself. */
  static List<Leak> left(Action action, LeakKind... optIns) throws Exception {
    return left(Duration.ZERO, action, optIns);
  }

  /** What it leaves after the usual grace. */
  static List<Leak> leftInTheEnd(Action action, LeakKind... optIns) throws Exception {
    return left(Duration.ofMillis(250), action, optIns);
  }

  private static List<Leak> left(Duration grace, Action action, LeakKind... optIns)
      throws Exception {
    try (LeakProbe probe = LeakProbe.start(optIns)) {
      action.run();
      return probe.leaks(grace);
    }
  }

  /** Waits until it is interrupted. */
  static void waitForever() {
    try {
      NEVER.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  static void end(Thread thread) throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
