package com.acme.leaks;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThatCycle;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.LeakProbe;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The leak check passes the check for what grows: neither what was clean nor what it has reported stays with it. */
@Isolated // looks at the whole heap
@Timeout(300)
class CheckerHeapTest {

  @TempDir
  private Path folder;

  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(folder.resolve("prices.csv"), "17");
  }

  @Test
  void check_ofWhatCloses_doesNotGrowTheHeap() {
    assertThatCycle(() -> LeakProbe.assertNothingLeaksFrom(this::work)).doesNotGrowTheHeap();
  }

  @Test
  void check_ofWhatLeaks_doesNotGrowTheHeap() {
    assertThatCycle(() -> {
          Thread[] left = new Thread[1];
          assertThat(Probed.left(() -> {
                left[0] = new Thread(Probed::waitForever);
                left[0].start();
              }))
              .hasSize(1);
          Probed.end(left[0]);
        })
        .doesNotGrowTheHeap();
  }

  private void work() throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(in.read()).isEqualTo('1');
    }
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.submit(() -> {}).get();
    pool.shutdown();
    assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }
}
