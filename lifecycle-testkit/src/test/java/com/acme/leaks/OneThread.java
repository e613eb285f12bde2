package com.acme.leaks;

import io.leaksafe.testkit.leak.LeakError;
import io.leaksafe.testkit.leak.LeakProbe;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A program that leaves one thread and one open file behind and prints the report. */
final class OneThread {

  private OneThread() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Thread thread = new Thread(Probed::waitForever, "stuck");
    thread.setDaemon(true);
    try {
      LeakProbe.assertNothingLeaksFrom(thread::start);
      out.println("clean");
    } catch (LeakError found) {
      out.println(found.getMessage());
    }
    LeakProbe.assertNothingLeaksFrom(() -> {});
    out.println("second: clean");
  }
}
