package io.leaksafe.testkit.scenarios;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;

/** What scenarios leave behind, kept until all verdicts are there, and ended then. */
final class Later {

  private static final ConcurrentLinkedDeque<AutoCloseable> LEFT = new ConcurrentLinkedDeque<>();

  /** Opens when all verdicts are there: what stuck threads wait for. */
  static final CountDownLatch OVER = new CountDownLatch(1);

  private Later() {}

  /** Keeps it referenced, and ends it at the end. */
  static <T> T end(T thing, Closing<? super T> closing) {
    LEFT.push(() -> closing.close(thing));
    return thing;
  }

  static <T extends AutoCloseable> T close(T thing) {
    return end(thing, AutoCloseable::close);
  }

  /** Waits until all is over, whatever happens. */
  static void stuck() {
    boolean over = false;
    while (!over) {
      try {
        OVER.await();
        over = true;
      } catch (InterruptedException ignored) {
        Thread.yield(); // stuck is stuck
      }
    }
  }

  /** Waits until all is over, or the thread is interrupted. */
  static void idle() {
    try {
      OVER.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  static void all() {
    OVER.countDown();
    for (AutoCloseable each : LEFT) {
      try {
        each.close();
      } catch (Exception failed) {
        failed.printStackTrace();
      }
    }
  }

  /** Ends one thing. */
  interface Closing<T> {
    void close(T thing) throws Exception;
  }
}
