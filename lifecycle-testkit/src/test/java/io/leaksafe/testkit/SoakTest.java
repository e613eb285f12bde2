package io.leaksafe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What cycles leave is counted, and what they do not leave is not. */
@Isolated
@Timeout(300) // a collection takes long on a busy machine
class SoakTest {

  private final CleanupManager app = CleanupManager.create("app");
  private final List<Object> kept = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    app.close();
    for (Object each : kept) {
      if (each instanceof Closeable closeable) {
        closeable.close();
      }
    }
  }

  /**
   * The JVM takes some KB for itself now and then, for a class or the links of a lambda, more often where compilers and other
   * threads lag behind. A leak of the smallest object in each cycle is 480 KB here; in 2,000 cycles it was as small as those.
   */
  @Test
  void cycles_sessionsThatClose_leaveNothing() throws Exception {
    app.register("pool", "p", pool -> {});
    SoakReport report = Soak.in(app).samples(8).cycles(30_000, () -> {
      Scope session = app.child("session");
      session.register("socket", "s", socket -> {});
      session.close();
    });
    assertThat(report.before()).containsOnly(java.util.Map.entry(Kind.RESOURCE, 1));
    assertThat(report.after()).isEqualTo(report.before());
    assertThat(report.handlesMore()).isEmpty();
    assertThat(report.threadsMore()).as("others' may end: %s", report).isNotPositive();
    assertThat(report.filesMore()).as("beyond a jar that is opened by the way").isLessThan(20);
    assertThat(report.heap().low()).as(report.toString()).isLessThanOrEqualTo(1);
    assertThat(report.heap().samples()).isEqualTo(8);
  }

  @Test
  void cycles_eachLeavesAHandle_countsThemAndTheirBytes() throws Exception {
    SoakReport report = Soak.in(app)
        .warmup(100)
        .samples(10)
        .cycles(1_000, () -> app.register("socket", new byte[1_000], socket -> {}));
    assertThat(report.before()).containsEntry(Kind.RESOURCE, 100);
    assertThat(report.handlesMore()).containsOnly(java.util.Map.entry(Kind.RESOURCE, 1_000));
    assertThat(report.heap().grows()).isTrue();
    assertThat(report.heap().bytesPerCycle()).isBetween(1_000.0, 1_200.0);
    assertThat(report.heap().low()).isGreaterThan(900);
  }

  @Test
  void cycles_filesAndThreadsStayOpen_countsThem(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("journal"));
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger cycle = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    SoakReport report = Soak.in(app).warmup(1).samples(8).cycles(40, () -> {
      if (cycle.incrementAndGet() % 10 == 0) {
        InputStream in = Files.newInputStream(file);
        kept.add(in);
        Thread thread = new Thread(() -> await(end), "reader-" + cycle);
        thread.start();
        threads.add(thread);
      }
    });
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(report.newThreads())
        .hasSizeGreaterThanOrEqualTo(4)
        .contains("reader-10", "reader-40");
    assertThat(report.filesMore()).isEqualTo(report.filesBefore().isPresent() ? 4 : 0);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cycles_any_runsEachOnceAfterTheWarmup() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Soak.in(app).warmup(3).samples(8).cycles(21, runs::incrementAndGet);
    assertThat(runs).hasValue(24);
    Soak.in(app).samples(8).cycles(20, runs::incrementAndGet);
    assertThat(runs).hasValue(24 + 3 + 20);
  }

  @Test
  void cycles_oneThrows_endsWithThat() {
    assertThatThrownBy(() -> Soak.in(app).cycles(20, () -> {
          throw new IOException("away");
        }))
        .isInstanceOf(IOException.class)
        .hasMessage("away");
  }

  @Test
  void settings_outOfRange_sayWhatIsAllowed() {
    Soak soak = Soak.in(app);
    assertThatThrownBy(() -> soak.samples(7))
        .hasMessage(
            "samples must be from 8 to 1,000, was 7. Fewer give no bound, and more cost more than they tell.");
    assertThatThrownBy(() -> soak.warmup(0)).hasMessage("warmup must be 1 or more, was 0.");
    assertThatThrownBy(() -> soak.cycles(9, () -> {}))
        .hasMessage(
            "There must be as many cycles as samples of the heap, 10, or more; was 9. Run more cycles, or set samples(..).");
    assertThatThrownBy(() -> Soak.in(null)).hasMessage("scope must not be null.");
  }
}
