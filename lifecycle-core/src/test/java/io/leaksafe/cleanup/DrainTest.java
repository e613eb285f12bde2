package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens between the beginning of the JVM's exit and the close. */
class DrainTest extends CleanupTestCase {

  private CleanupManager draining(Duration delay) {
    return build(CleanupManager.builder("app").drainDelay(delay));
  }

  /** What the exit hook does. */
  private Thread exit(CleanupManager app) {
    return start("exit", () -> {
      ((RootScope) app).drain();
      log.add("drained at " + time.elapsed().toMillis());
      app.shutdown();
    });
  }

  @Test
  void drain_withADelay_isNotReadyAndStillOpen() {
    CleanupManager app = draining(seconds(5));
    assertThat(app.isReady()).isTrue();
    Thread exit = exit(app);
    time.advance(seconds(4));
    assertThat(app.isReady()).isFalse();
    assertThat(app.state()).isEqualTo(Scope.State.OPEN);
    open(app.child("late work"), "late");
    time.advance(seconds(1));
    join(exit);
    assertThat(log).containsExactly("drained at 5000", "late");
    assertThat(app.report().took()).isZero();
  }

  @Test
  void drain_closedMeanwhile_waitsNoLonger() throws Exception {
    CleanupManager app = draining(seconds(60));
    Thread exit = exit(app);
    time.advance(seconds(1));
    time.run(app::close);
    join(exit);
    assertThat(log).containsExactly("drained at 1000");
  }

  @Test
  void drain_withoutADelay_doesNotWait() {
    CleanupManager app = manager();
    join(exit(app));
    assertThat(log).containsExactly("drained at 0");
  }

  @Test
  void isReady_ofAClosedManager_isFalse() throws Exception {
    CleanupManager app = draining(seconds(5));
    app.defer("look", () -> log.add("ready: " + app.isReady()));
    time.run(app::close);
    assertThat(time.elapsed())
        .as("a close that is not the JVM's exit does not wait")
        .isZero();
    assertThat(log).containsExactly("ready: false");
    assertThat(app.isReady()).isFalse();
  }

  @Test
  void build_haltBeforeTheCloseIsOver_isRefused() {
    assertThatThrownBy(() -> CleanupManager.builder("app")
            .drainDelay(seconds(5))
            .timeout(seconds(10))
            .haltAfter(seconds(15))
            .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "haltAfter(15 s) of 'app' would halt the JVM before the close has had its time: drainDelay 5 s, "
                + "timeout 10 s. Make it longer than both together.");
    CleanupManager.builder("app").haltAfter(Duration.ofSeconds(5, 1)).build().close();
  }

  @Test
  void builder_aSettingTwice_isRefused() {
    assertThatThrownBy(
            () -> CleanupManager.builder("app").drainDelay(seconds(1)).drainDelay(seconds(2)))
        .hasMessage("drainDelay of 'app' is set twice, first to 1 s. Set it once.");
    assertThatThrownBy(
            () -> CleanupManager.builder("app").haltAfter(seconds(1)).haltAfter(seconds(2)))
        .hasMessage("haltAfter of 'app' is set twice, first to 1 s. Set it once.");
    assertThatThrownBy(() -> CleanupManager.builder("app").drainDelay(Duration.ZERO))
        .hasMessage("drainDelay must be longer than zero, was 0 ns.");
  }
}
