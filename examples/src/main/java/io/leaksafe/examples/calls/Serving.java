package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Serves until the JVM is told to exit, and prints how the close went. */
final class Serving implements CleanupListener {

  private final PrintStream out;
  private volatile boolean started;

  Serving(PrintStream out) {
    this.out = out;
  }

  /** Serves, and does not return: the exit of the JVM closes the service. Throws if it cannot start. */
  void run(@Nullable Path data, int port) throws IOException, InterruptedException {
    try (CleanupManager calls = CleanupManager.builder("calls").listener(this).build()) {
      calls.closeOnExit();
      Path folder = data == null ? DataFolder.temporary(calls) : data;
      CallService service = new CallService(calls, Settings.of(folder, port));
      started = true;
      out.println(welcome("http://127.0.0.1:" + service.port(), folder));
      out.flush();
      new CountDownLatch(1).await();
    }
  }

  @Override
  public void finished(CloseReport report) {
    if (started) {
      out.println(report);
      out.flush();
    }
  }

  private static String welcome(String url, Path folder) {
    return """
        calls: listening at %1$s, journal in %2$s
        try
          curl %1$s/webhooks/call -d '{"callId":"c-1","event":"ringing","at":"2026-01-28T14:03:07Z","from":"+12125550100","to":"+13105550123"}'
          curl %1$s/health
          curl %1$s/health/memory
          curl %1$s/lines/+12125550100
          curl %1$s/admin/statistics/today
          curl %1$s/admin/tree
        end it with Ctrl-C or SIGTERM: it closes in order and reports""".formatted(url, folder);
  }
}
