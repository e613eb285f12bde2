package io.leaksafe.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.schedule.ManagedScheduler;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The library itself, from timers to hanging closers, in virtual time. */
class VirtualTimeOfAManagerTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();

  @Test
  void advance_periodicTimer_firesAsOftenAsItShould() throws Exception {
    AtomicInteger sweeps = new AtomicInteger();
    ManagedScheduler.in(app, "timers").every("sweep", ofMinutes(5), sweeps::incrementAndGet);
    time.advance(ofHours(1));
    assertThat(sweeps).hasValue(12);
    time.run(app::close);
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void run_closersHangAndIgnoreInterrupts_closesTheRestWithinTheTotal() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      boolean hangs = i >= 7;
      app.register("r" + i, "resource", resource -> {
        if (hangs) {
          time.sleepUninterruptibly(ofHours(1));
        }
        closed.incrementAndGet();
      });
    }
    CloseReport report = time.call(app::shutdown);
    assertThat(closed).hasValue(7);
    assertThat(report.complete()).isFalse();
    assertThat(time.elapsed()).isLessThan(ofSeconds(5).plusMillis(100));
    time.advance(ofHours(1));
    assertThat(closed).hasValue(10);
    assertThat(time.describe().lines()).hasSize(1);
  }

  @Test
  void run_sameCloseTwice_givesTheSameReport() throws Exception {
    assertThat(closeOnce()).isEqualTo(closeOnce()).contains("hangs");
  }

  private static String closeOnce() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("app").timeSource(time).build();
    for (int i = 0; i < 5; i++) {
      app.register("hangs-" + i, "resource", resource -> time.sleep(ofHours(1)));
      app.register("quick-" + i, "resource", resource -> time.sleep(ofSeconds(1).dividedBy(10)));
    }
    String report = time.call(() -> app.shutdown().toString());
    time.advance(ofHours(1));
    return report;
  }
}
