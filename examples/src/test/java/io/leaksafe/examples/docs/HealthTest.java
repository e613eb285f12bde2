package io.leaksafe.examples.docs;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.health.Health;
import io.leaksafe.health.HealthMonitor;
import io.leaksafe.health.Measure;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/** How to watch a service's memory and tell a load balancer. */
class HealthTest {

  private static final long MB = 1 << 20;

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("orders").timeSource(time).build();
  private final List<String> lines = new ArrayList<>();

  @Test
  void monitor_aService_tellsHowItIs() throws Exception {
    // region start
    HealthMonitor monitor = HealthMonitor.in(app, "health"); // samples every 30 s
    Health health = monitor.current();
    // endregion
    assertThat(health.level()).isNotNull();
    // region json
    Map<String, Object> answer = health.toMap();
    int status = health.ready() && health.level() != Health.Level.CRITICAL ? 200 : 503;
    // endregion
    assertThat(status).isIn(200, 503);
    assertThat(new ObjectMapper().writeValueAsString(answer)).contains("\"heapMax\":");
    // region line
    ManagedScheduler.in(app, "timers")
        .every("memory", ofMinutes(5), () -> lines.add("memory " + monitor.current()));
    // endregion
    time.advance(ofMinutes(5));
    assertThat(lines).hasSize(1).first().asString().contains("heap ", " of ", "handles");
    time.run(app::close);
    assertThat(monitor.current().ready()).isFalse();
  }

  @Test
  void thresholds_ofAService_areItsOwn() throws Exception {
    List<String> alarms = new ArrayList<>();
    // region limits
    HealthMonitor monitor = HealthMonitor.builder(app, "health")
        .sampleEvery(ofSeconds(30))
        .percent(Measure.HEAP_AFTER_GC, 65, 90)
        .limits(Measure.RESIDENT, 350 * MB, 450 * MB)
        .limits(Measure.HANDLES, 5_000, 20_000)
        .start();
    monitor.onChange(health -> alarms.add(health.level() + ": " + health.reasons()));
    // endregion
    time.advance(ofMinutes(10));
    assertThat(monitor.trend().samples()).isPositive();
    time.run(app::close);
  }
}
