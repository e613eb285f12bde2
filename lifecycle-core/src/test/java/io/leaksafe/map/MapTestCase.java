package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A virtual time and a manager for each test, which have no pending timer and no thread left after it. */
abstract class MapTestCase {

  final VirtualScheduler time = new VirtualScheduler();
  final CleanupManager app = CleanupManager.builder("app").timeSource(time).build();

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    assertThat(Thread.interrupted()).as("an interrupt left behind").isFalse();
    time.run(app::shutdown);
    time.settle();
    assertThat(pending()).as("pending timers left behind").isZero();
    assertThat(app.handles()).as("handles left behind").isEmpty();
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  /** How many timers of any kind the manager's engine has pending. */
  final int pending() {
    return OwnerNode.of(app).root().engine.pending();
  }

  /** A builder of a map named {@code map}. */
  final MapBuilder<Integer, String> map() {
    return BoundedMap.in(app, "map");
  }

  /** The same, with a listener that logs key, value and cause. */
  final MapBuilder<Integer, String> loggedMap() {
    return map().onRemoval((key, value, cause) -> log.add(key + "=" + value + " " + cause));
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
