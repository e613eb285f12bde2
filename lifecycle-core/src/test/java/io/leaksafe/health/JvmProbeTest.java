package io.leaksafe.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Kind;
import io.leaksafe.schedule.ManagedScheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What this very JVM tells. */
@Isolated("it waits for a collection")
class JvmProbeTest {

  @Test
  void current_ofThisJvm_isPlausible() throws Exception {
    try (CleanupManager app = CleanupManager.create("app")) {
      app.own("resource", () -> {});
      ManagedScheduler timers = ManagedScheduler.in(app.child("child"), "timers");
      timers.after(Duration.ofHours(1), () -> {});
      timers.every("task", Duration.ofHours(1), () -> {});
      HealthMonitor monitor = HealthMonitor.in(app, "health");
      Health health = monitor.check();
      assertThat(health.heapUsed()).isPositive().isLessThanOrEqualTo(health.heapMax());
      assertThat(health.threads()).isPositive();
      assertThat(health.handles())
          .containsEntry(Kind.RESOURCE, 1)
          .containsEntry(Kind.SCOPE, 2)
          .containsEntry(Kind.SCHEDULER, 2)
          .containsEntry(Kind.TIMER, 3);
      if (System.getProperty("os.name").equals("Linux")) {
        assertThat(health.resident().orElse(0)).isGreaterThan(1 << 20);
        assertThat(health.openFiles().orElse(0)).isPositive();
      }
    }
  }

  @Test
  void heapAfterGc_afterACollection_isKnown() throws Exception {
    try (CleanupManager app = CleanupManager.create("app")) {
      HealthMonitor monitor = HealthMonitor.in(app, "health");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (monitor.check().heapAfterGc().isEmpty() && System.nanoTime() - deadline < 0) {
        System.gc(); // the notification comes a moment later, on a thread of the JVM
      }
      assertThat(monitor.current().heapAfterGc()).isPresent();
      assertThat(monitor.current().heapAfterGc().getAsLong())
          .isPositive()
          .isLessThanOrEqualTo(monitor.current().heapMax());
    }
  }
}
