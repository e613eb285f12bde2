package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.LeakError;
import io.leaksafe.testkit.leak.LeakProbe;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A program in one of the library's packages, and not of the library: its lines are a user's. */
public final class InOurPackage {

  private InOurPackage() {}

  /** Leaves a thread and prints the report. */
  public static void main(String... arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Thread thread = new Thread(
        () -> {
          waiting.countDown();
          try {
            never.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        },
        "stuck");
    thread.setDaemon(true);
    try {
      LeakProbe.assertNothingLeaksFrom(() -> {
        thread.start();
        waiting.await();
      });
    } catch (LeakError found) {
      out.println(found.getMessage());
    }
  }
}
