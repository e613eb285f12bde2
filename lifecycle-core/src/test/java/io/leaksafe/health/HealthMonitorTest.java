package io.leaksafe.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.health.Health.Level;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Levels that flip exactly at their thresholds, readiness, the trend, and what a sample says. */
class HealthMonitorTest {

  private static final long MB = 1 << 20;

  private final VirtualScheduler time = new VirtualScheduler();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final List<String> changes = new ArrayList<>();
  private long heap = 100 * MB;
  private long afterGc = 50 * MB;
  private long collections = 1;
  private long resident = 200 * MB;
  private long files = 10;

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    time.run(app::shutdown);
    assertThat(app.handles()).isEmpty();
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  private HealthMonitor.Builder builder() {
    return HealthMonitor.builder(app, "health");
  }

  private HealthMonitor start(HealthMonitor.Builder builder) {
    return builder.start(scope -> () -> new Reading(
        heap,
        afterGc,
        512 * MB,
        collections,
        resident,
        12,
        Map.of(Kind.SCOPE, 2, Kind.TIMER, 3),
        files,
        100));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  // ---- thresholds

  @Test
  void check_atTheThreshold_flipsExactlyThere() {
    HealthMonitor health =
        start(builder().limits(Measure.RESIDENT, 350 * MB, 450 * MB).margin(0));
    assertThat(levelAt(health, 350 * MB - 1)).isEqualTo(Level.OK);
    assertThat(levelAt(health, 350 * MB)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 450 * MB - 1)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 450 * MB)).isEqualTo(Level.CRITICAL);
    assertThat(levelAt(health, 450 * MB - 1)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 350 * MB - 1)).isEqualTo(Level.OK);
  }

  private Level levelAt(HealthMonitor health, long bytes) {
    resident = bytes;
    return health.check().level();
  }

  @Test
  void check_justBelowTheThreshold_staysUntilTheMarginIsPassed() {
    HealthMonitor health =
        start(builder().limits(Measure.RESIDENT, 1_000, 2_000).margin(10));
    assertThat(levelAt(health, 1_000)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 900)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 899)).isEqualTo(Level.OK);
    assertThat(levelAt(health, 999)).isEqualTo(Level.OK);
    assertThat(levelAt(health, 2_000)).isEqualTo(Level.CRITICAL);
    assertThat(levelAt(health, 1_800)).isEqualTo(Level.CRITICAL);
    assertThat(levelAt(health, 1_799)).isEqualTo(Level.WARNING);
    assertThat(levelAt(health, 1)).isEqualTo(Level.OK);
  }

  @Test
  void check_percentOfTheHeap_flipsAtThatShare() {
    HealthMonitor health = start(builder().percent(Measure.HEAP_AFTER_GC, 75, 90));
    afterGc = 384 * MB - 1;
    assertThat(health.check().level()).isEqualTo(Level.OK);
    afterGc = 384 * MB;
    assertThat(health.check().reasons())
        .containsExactly("heap after GC is 384 MB, 75 % of 512 MB: WARNING from 75 % on");
  }

  @Test
  void check_byDefault_watchesTheHeapAfterCollectionsAndFiles() {
    HealthMonitor health = start(builder());
    heap = 511 * MB;
    assertThat(health.check().level()).as("garbage is no reason").isEqualTo(Level.OK);
    afterGc = 420 * MB;
    files = 95;
    assertThat(health.check().level()).isEqualTo(Level.CRITICAL);
    assertThat(health.current().reasons())
        .containsExactlyInAnyOrder(
            "heap after GC is 420 MB, 82.0 % of 512 MB: WARNING from 80 % on",
            "open files is 95, 95 % of 100: CRITICAL from 90 % on");
  }

  @Test
  void check_aMeasureThatIsNotKnown_isNoReason() {
    afterGc = -1;
    files = -1;
    HealthMonitor health = start(builder().limits(Measure.RESIDENT, 1, 2));
    resident = -1;
    assertThat(health.check().level()).isEqualTo(Level.OK);
    assertThat(health.current().toMap()).doesNotContainKeys("heapAfterGc", "resident", "openFiles");
  }

  // ---- sampling

  @Test
  void in_aScope_samplesOnATimer() throws Exception {
    HealthMonitor health = start(builder().sampleEvery(seconds(60)));
    heap = 7;
    time.advance(seconds(59));
    assertThat(health.current().heapUsed()).isEqualTo(100 * MB);
    time.advance(seconds(1));
    assertThat(health.current().heapUsed()).isEqualTo(7);
    assertThat(app.handles())
        .extracting(handle -> handle.path())
        .contains("app/health", "app/health/samples", "app/health/samples/sample");
    assertThat(app.describe()).contains("level OK");
  }

  @Test
  void onChange_aLevelFlips_tellsEachChangeOnce() throws Exception {
    HealthMonitor health =
        start(builder().limits(Measure.RESIDENT, 350 * MB, 450 * MB).sampleEvery(seconds(10)));
    health.onChange(sample -> {
      throw new IllegalStateException("bad listener");
    });
    Handle<Consumer<Health>> handle =
        health.onChange(sample -> changes.add(sample.level().name()));
    resident = 400 * MB;
    time.advance(seconds(100));
    resident = 500 * MB;
    time.advance(seconds(100));
    handle.close();
    resident = 1;
    time.advance(seconds(100));
    assertThat(changes).containsExactly("WARNING", "CRITICAL");
    assertThat(health.current().level()).isEqualTo(Level.OK);
  }

  @Test
  void close_theOwner_endsTheSampling() throws Exception {
    Scope scope = app.child("scope");
    HealthMonitor health = HealthMonitor.builder(scope, "health").start(any -> () -> {
      changes.add("read");
      return new Reading(1, -1, 2, 0, -1, 1, Map.of(), -1, -1);
    });
    scope.close();
    changes.clear();
    time.advance(seconds(3_600));
    assertThat(changes).isEmpty();
    assertThatThrownBy(() -> health.onChange(sample -> {}))
        .isInstanceOf(ClosedScopeException.class);
    assertThat(health.current().heapUsed()).isEqualTo(1);
  }

  @Test
  void start_theProbeFails_leavesNothing() {
    assertThatThrownBy(() -> builder().start(scope -> () -> {
          throw new IllegalStateException("no probe");
        }))
        .hasMessage("no probe");
    assertThat(app.handles()).isEmpty();
  }

  // ---- readiness

  @Test
  void ready_whileTheManagerCloses_isFalse() throws Exception {
    HealthMonitor health = start(builder());
    assertThat(health.current().ready()).isTrue();
    List<Boolean> ready = new ArrayList<>();
    app.defer("look", () -> ready.add(health.current().ready()));
    time.run(app::close);
    assertThat(ready).containsExactly(false);
    assertThat(health.current().state()).isEqualTo(Scope.State.CLOSED);
    assertThat(health.current().toMap()).containsEntry("ready", false);
  }

  // ---- the trend

  @Test
  void trend_heapGrowsSteadily_tellsTheSlope() throws Exception {
    HealthMonitor health = start(builder().sampleEvery(seconds(60)));
    for (int i = 0; i < 60; i++) {
      afterGc += MB;
      collections++;
      time.advance(seconds(60));
    }
    Trend trend = health.trend();
    assertThat(trend.bytesPerHour())
        .isCloseTo(60.0 * MB, org.assertj.core.data.Percentage.withPercentage(0.1));
    assertThat(trend.grows()).isTrue();
    assertThat(trend).hasToString("grows by +60 MB/h (+60 MB to +60 MB, 61 samples over 1 h)");
  }

  @Test
  void trend_noCollectionMeanwhile_countsNoSampleTwice() throws Exception {
    HealthMonitor health = start(builder().sampleEvery(seconds(60)));
    time.advance(seconds(3_600));
    assertThat(health.trend().samples()).isEqualTo(1);
    assertThat(health.trend()).hasToString("unknown yet");
  }

  @Test
  void trend_onceCollectionsAreKnown_forgetsTheHeapInUse() throws Exception {
    afterGc = -1;
    HealthMonitor health = start(builder().sampleEvery(seconds(60)));
    time.advance(seconds(600));
    assertThat(health.trend().samples()).isEqualTo(11);
    afterGc = MB;
    time.advance(seconds(60));
    assertThat(health.trend().samples()).isEqualTo(1);
  }

  @Test
  void trend_longHistory_keepsTheLatest() throws Exception {
    HealthMonitor health = start(builder().sampleEvery(seconds(60)).history(10));
    for (int i = 0; i < 50; i++) {
      afterGc += i < 40 ? MB : 0;
      collections++;
      time.advance(seconds(60));
    }
    assertThat(health.trend().samples()).isEqualTo(10);
    assertThat(health.trend().bytesPerHour()).isZero();
    assertThat(health.trend().grows()).isFalse();
  }

  // ---- words

  @Test
  void toMap_ofASample_holdsWhatJsonKnows() {
    assertThat(start(builder()).current().toMap())
        .containsEntry("at", "2026-01-01T00:00:00Z")
        .containsEntry("level", "OK")
        .containsEntry("ready", true)
        .containsEntry("heapUsed", 100 * MB)
        .containsEntry("heapAfterGc", 50 * MB)
        .containsEntry("heapMax", 512 * MB)
        .containsEntry("resident", 200 * MB)
        .containsEntry("threads", 12L)
        .containsEntry("handles", Map.of("SCOPE", 2, "TIMER", 3))
        .containsEntry("openFiles", 10L)
        .containsEntry(
            "trend", Map.of("bytesPerHour", 0.0, "grows", false, "samples", 1, "overSeconds", 0L));
  }

  @Test
  void toString_ofASample_isALineForALog() {
    HealthMonitor health = start(builder());
    assertThat(health.current())
        .hasToString(
            "OK, heap 100 MB of 512 MB, after GC 50 MB, resident 200 MB, 12 threads, 5 handles, 10 open files, "
                + "trend unknown yet");
    assertThat(health).asString().startsWith("Health 'app/health', OK, heap 100 MB");
  }

  // ---- settings

  @Test
  void builder_wrongSettings_areRefused() {
    assertThatThrownBy(() -> builder().history(7))
        .hasMessageStartingWith("history must be from 8 to 1,000 samples, was 7.");
    assertThatThrownBy(() -> builder().history(1_001)).hasMessageContaining("was 1,001");
    assertThatThrownBy(() -> builder().margin(51))
        .hasMessage("margin must be from 0 to 50 percent, was 51.0.");
    assertThatThrownBy(() -> builder().percent(Measure.THREADS, 1, 2))
        .hasMessage("THREADS has no maximum of which a percentage could be taken. Use limits().");
    assertThatThrownBy(() -> builder().percent(Measure.HEAP_USED, 1, 101))
        .hasMessage("critical must be at most 100 percent, was 101.0.");
    assertThatThrownBy(() -> builder().limits(Measure.THREADS, 5, 4))
        .hasMessage(
            "warning must be over 0 and critical not below it, were 5.0 and 4.0 for THREADS.");
    assertThatThrownBy(() -> builder().limits(Measure.THREADS, 5, 6).limits(Measure.THREADS, 5, 6))
        .hasMessage("THREADS of 'health' is set twice. Set it once.");
    assertThatThrownBy(() -> builder().sampleEvery(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().sampleEvery(seconds(1)).sampleEvery(seconds(1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
