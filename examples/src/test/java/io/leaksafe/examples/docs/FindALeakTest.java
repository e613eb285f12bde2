package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShownButForTimes;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leaksafe.testkit.junit.AllowLeak;
import io.leaksafe.testkit.junit.LeakCheck;
import io.leaksafe.testkit.leak.LeakError;
import io.leaksafe.testkit.leak.LeakKind;
import io.leaksafe.testkit.leak.LeakProbe;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to find a leak, and how to use the check. */
class FindALeakTest {

  @TempDir
  Path folder;

  // region leaking
  static final class PriceFeed implements AutoCloseable {
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(body -> new Thread(body, "price-feed"));
    private final InputStream prices;

    PriceFeed(Path file) throws IOException {
      prices = new FileInputStream(file.toFile());
      timer.scheduleAtFixedRate(this::read, 30, 30, SECONDS);
    }

    @Override
    public void close() {} // says it closes, and does not

    // endregion

    private void read() {
      try {
        prices.read();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    private void end() throws IOException {
      timer.shutdownNow();
      prices.close();
    }
  }

  @Test
  void report_ofAFeedThatDoesNotClose_namesWhatItLeftAndWhere() throws Exception {
    Path file = Files.writeString(folder.resolve("prices.csv"), "17");
    PriceFeed[] made = new PriceFeed[1];
    LeakError error = catchThrowableOfType(
        LeakError.class,
        () -> LeakProbe.assertNothingLeaksFrom(() -> {
          try (PriceFeed feed = new PriceFeed(file)) {
            made[0] = feed;
          }
        }));
    made[0].end();
    assertThat(error.leaks())
        .allSatisfy(leak -> assertThat(leak.frames())
            .extracting(StackTraceElement::getMethodName)
            .containsExactly("<init>", "report_ofAFeedThatDoesNotClose_namesWhatItLeftAndWhere"))
        .hasSize(2);
    assertShownButForTimes("FindALeakTest", "report", readable(error.getMessage()));
  }

  /** The report without what differs from machine to machine. */
  private String readable(String report) {
    return report
        .replace(folder.toString(), "/data")
        .replaceAll(" {2,}age", "    age")
        .replaceAll("on thread .*", "on thread main")
        .replaceAll("leak check: .*", "leak check: agent (self-loaded), 20/20 probes, JDK 17");
  }

  // region probe
  @Test
  void close_aFeed_leavesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("prices.csv"), "17");
    LeakProbe.assertNothingLeaksFrom(() -> {
      PriceFeed feed = new PriceFeed(file);
      feed.end();
    });
  }

  // endregion

  // region settings
  @Test
  @LeakCheck(graceMillis = 2_000, also = LeakKind.JVM_STATE)
  void restoreDefaults_afterAnImport_leavesTheJvmAsItWas() {
    System.setProperty("import.dialect", "csv");
    System.clearProperty("import.dialect");
  }

  @Test
  @AllowLeak(
      kind = LeakKind.THREAD,
      openedAt = "io.leaksafe.examples.docs.FindALeakTest",
      because = "the vendor's client has no close(); SHOP-123")
  void connect_theVendorsClient_works() {
    Thread thread = new Thread(FindALeakTest::forAWhile, "vendor");
    thread.setDaemon(true);
    thread.start();
  }

  // endregion

  private static void forAWhile() {
    try {
      new CountDownLatch(1).await(60, SECONDS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
