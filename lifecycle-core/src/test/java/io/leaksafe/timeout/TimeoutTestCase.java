package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** A virtual time and a manager for each test, which have no pending timer and no thread left after it. */
abstract class TimeoutTestCase {

  static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  static final Duration SECOND = Duration.ofSeconds(1);

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

  final List<HandleInfo> timeouts() {
    return app.handles().stream()
        .filter(handle -> handle.kind() == Kind.TIMEOUT)
        .toList();
  }

  /** Adds a line that begins with the present moment in milliseconds. */
  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** What a future that has ended failed with, itself; fails if it has not, or not that way. */
  static Throwable failureOf(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    return future.<Throwable>handle((value, failure) -> failure).join();
  }
}
