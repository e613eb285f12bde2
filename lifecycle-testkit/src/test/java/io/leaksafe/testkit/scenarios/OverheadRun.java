package io.leaksafe.testkit.scenarios;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.leaksafe.testkit.junit.LeakCheckExtension;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Timer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Measures what the check costs: 1,000 trivial tests, and 1,000 that open things, with the check and without, in turns. */
final class OverheadRun {

  private static final int ROUNDS = 15;

  private OverheadRun() {}

  static class Trivial {
    @RepeatedTest(1_000)
    void doesNothing() {}
  }

  static class Opening {
    @RepeatedTest(1_000)
    void opensAFileAThreadAndATimer() throws Exception {
      Thread thread = new Thread(() -> {});
      thread.start();
      Timer timer = new Timer(true);
      try (FileInputStream in = new FileInputStream(file().toFile())) {
        in.read();
      }
      timer.cancel();
      thread.join();
    }

    private static Path file() throws IOException {
      return Path.of(System.getProperty("java.home"), "release");
    }
  }

  public static void main(String... args) throws IOException {
    if (!Files.exists(Opening.file())) {
      throw new IllegalStateException("There is no " + Opening.file() + ".");
    }
    for (Class<?> suite : new Class<?>[] {Trivial.class, Opening.class}) {
      long[] off = new long[ROUNDS];
      long[] on = new long[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        off[round] = nanos(suite, false);
        on[round] = nanos(suite, true);
      }
      System.out.printf(
          Locale.ROOT,
          "%s: off %,d us a test, on %,d us a test%n",
          suite.getSimpleName(),
          median(off) / 1_000_000,
          median(on) / 1_000_000);
    }
  }

  /** The median of the later rounds: the first warm up. */
  private static long median(long[] nanos) {
    long[] later = Arrays.copyOfRange(nanos, ROUNDS / 3, ROUNDS);
    Arrays.sort(later);
    return later[later.length / 2];
  }

  private static long nanos(Class<?> suite, boolean check) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(suite))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "" + check)
        .configurationParameter(
            "junit.jupiter.extensions.autodetection.include", LeakCheckExtension.class.getName())
        .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    long start = System.nanoTime();
    try (LauncherSession session = LauncherFactory.openSession()) {
      session.getLauncher().execute(request, summary);
    }
    long took = System.nanoTime() - start;
    if (summary.getSummary().getTestsSucceededCount() != 1_000) {
      throw new IllegalStateException("Not all tests succeeded: "
          + summary.getSummary().getFailures().get(0).getException());
    }
    return took;
  }
}
