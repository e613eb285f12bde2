package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuilderTest {

  private static final VirtualScheduler TIME = new VirtualScheduler();
  private static final CleanupListener LISTENER = new CleanupListener() {
    @Override
    public String toString() {
      return "the listener";
    }
  };

  /** One use of a setter: what it sets, and how the value reads. */
  record Setting(String name, Consumer<CleanupManager.Builder> set, Object value) {
    @Override
    public String toString() {
      return name + "(" + value + ")";
    }
  }

  static Stream<Setting> settings() {
    return Stream.of(
        new Setting("timeout", b -> b.timeout(Duration.ofSeconds(1)), "1 s"),
        new Setting("drainDelay", b -> b.drainDelay(Duration.ofSeconds(2)), "2 s"),
        new Setting("haltAfter", b -> b.haltAfter(Duration.ofSeconds(10)), "10 s"),
        new Setting("tracking", b -> b.tracking(Tracking.ADVANCED), "ADVANCED"),
        new Setting("sampleEvery", b -> b.sampleEvery(10), 10),
        new Setting("warnAfter", b -> b.warnAfter(Duration.ofHours(1)), "1 h"),
        new Setting("warnAbove", b -> b.warnAbove(7), 7),
        new Setting("listener", b -> b.listener(LISTENER), LISTENER),
        new Setting("timeSource", b -> b.timeSource(TIME), TIME));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void setter_calledTwice_namesTheFirstValue(Setting setting) {
    CleanupManager.Builder builder = CleanupManager.builder("app");
    setting.set().accept(builder);
    assertThatThrownBy(() -> setting.set().accept(builder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(setting.name() + " of 'app' is set twice, first to " + setting.value()
            + ". Set it once.");
  }

  @Test
  void build_withEverythingSet_makesAnOpenManager() {
    CleanupManager.Builder builder = CleanupManager.builder("app");
    settings().forEach(setting -> setting.set().accept(builder));
    CleanupManager app = builder.build();
    assertThat(app.name()).isEqualTo("app");
    assertThat(app.state()).isEqualTo(Scope.State.OPEN);
    assertThat(app.shutdown().clean()).isTrue();
  }

  static Stream<Setting> missing() {
    return Stream.of(
        new Setting("timeout", b -> b.timeout(null), null),
        new Setting("drainDelay", b -> b.drainDelay(null), null),
        new Setting("haltAfter", b -> b.haltAfter(null), null),
        new Setting("tracking", b -> b.tracking(null), null),
        new Setting("warnAfter", b -> b.warnAfter(null), null),
        new Setting("listener", b -> b.listener(null), null),
        new Setting("timeSource", b -> b.timeSource(null), null));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void setter_ofNull_setsNothing(Setting setting) {
    CleanupManager.Builder builder = CleanupManager.builder("app");
    assertThatThrownBy(() -> setting.set().accept(builder))
        .isInstanceOf(NullPointerException.class)
        .hasMessage(setting.name() + " must not be null.");
    settings()
        .filter(valid -> valid.name().equals(setting.name()))
        .forEach(
            valid -> assertThatCode(() -> valid.set().accept(builder)).doesNotThrowAnyException());
  }

  static Stream<Setting> durations() {
    return Stream.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))
        .flatMap(duration -> Stream.of(
            new Setting("timeout", b -> b.timeout(duration), Text.duration(duration)),
            new Setting("warnAfter", b -> b.warnAfter(duration), Text.duration(duration))));
  }

  @ParameterizedTest
  @MethodSource("durations")
  void setter_ofADurationNotLongerThanZero_quotesIt(Setting setting) {
    assertThatThrownBy(() -> setting.set().accept(CleanupManager.builder("app")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(setting.name() + " must be longer than zero, was " + setting.value() + ".");
  }

  static Stream<Setting> counts() {
    return Stream.of(0, -1, Integer.MIN_VALUE)
        .flatMap(count -> Stream.of(
            new Setting("sampleEvery", b -> b.sampleEvery(count), count),
            new Setting("warnAbove", b -> b.warnAbove(count), count)));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void setter_ofACountBelowOne_quotesIt(Setting setting) {
    assertThatThrownBy(() -> setting.set().accept(CleanupManager.builder("app")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(setting.name() + " must be 1 or more, was " + setting.value() + ".");
  }

  @ParameterizedTest
  @EnumSource(names = "ADVANCED", mode = EnumSource.Mode.EXCLUDE)
  void build_withSampleEveryUnderAnotherLevel_saysWhichOneItNeeds(Tracking level) {
    CleanupManager.Builder builder =
        CleanupManager.builder("app").tracking(level).sampleEvery(5);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sampleEvery(5) has no effect under tracking " + level
            + ". Use tracking(ADVANCED), or leave it out.");
  }

  @Test
  void build_withSampleEveryAndNoLevel_namesTheDefault() {
    CleanupManager.Builder builder = CleanupManager.builder("app").sampleEvery(5);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sampleEvery(5) has no effect under tracking SIMPLE. "
            + "Use tracking(ADVANCED), or leave it out.");
  }

  static Stream<Setting> warnings() {
    return settings().filter(setting -> setting.name().startsWith("warn"));
  }

  @ParameterizedTest
  @MethodSource("warnings")
  void build_withAWarningUnderDisabled_saysThatItHasNoEffect(Setting setting) {
    CleanupManager.Builder builder = CleanupManager.builder("app").tracking(Tracking.DISABLED);
    setting.set().accept(builder);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("warnAfter and warnAbove have no effect under tracking DISABLED. "
            + "Use tracking(SIMPLE), or leave them out.");
  }

  @Test
  void build_ofTheLongestDurations_isAccepted() throws Exception {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    VirtualScheduler time = new VirtualScheduler();
    CleanupManager app = CleanupManager.builder("app")
        .timeout(longest)
        .warnAfter(longest)
        .timeSource(time)
        .build();
    app.register("a", "a", a -> time.sleep(Duration.ofDays(1)));
    app.register("b", "b", b -> time.sleep(Duration.ofDays(1))).timeout(longest).warnAfter(longest);
    assertThat(app.check()).isEmpty();
    assertThat(time.call(app::shutdown).clean()).isTrue();
  }

  @Test
  void create_ofAName_hasEveryDefault() {
    CleanupManager app = CleanupManager.create("app");
    assertThat(app).hasToString("Scope 'app', OPEN, 0 handles");
    app.close();
    assertThat(app).hasToString("Scope 'app', CLOSED, 0 handles");
  }

  @Test
  void timeSource_ofTheSystem_isTheDefault() {
    CleanupManager app =
        CleanupManager.builder("app").timeSource(TimeSource.system()).build();
    assertThat(app.shutdown().clean()).isTrue();
  }
}
