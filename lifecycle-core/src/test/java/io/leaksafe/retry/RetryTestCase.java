package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** A virtual time and a scope for each test, which have no pending timer and no thread left after it. */
abstract class RetryTestCase {

  final VirtualScheduler time = new VirtualScheduler();
  final CleanupManager app = CleanupManager.builder("app").timeSource(time).build();
  final Scope session = app.child("session");

  /** Three attempts, 100 ms and 200 ms apart. */
  final Retry retry = Retry.attempts(3).named("load");

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  /** How many attempts there were. */
  int tries;

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    assertThat(Thread.interrupted()).as("an interrupt left behind").isFalse();
    assertThat(OwnerNode.of(session).timers().size()).as("pending timers").isZero();
    time.run(app::shutdown);
    time.settle();
    assertThat(app.handles()).as("handles left behind").isEmpty();
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  final List<HandleInfo> timeouts() {
    return app.handles().stream()
        .filter(handle -> handle.kind() == Kind.TIMEOUT)
        .toList();
  }

  /** Fails so many times, then has a value; logs each attempt. */
  final String failing(int times) throws IOException {
    tries++;
    log("attempt " + tries);
    if (tries <= times) {
      throw new IOException("failure " + tries);
    }
    return "value";
  }

  final CompletableFuture<String> failingStage(int times) {
    try {
      return CompletableFuture.completedFuture(failing(times));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  static Throwable failureOf(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    return future.<Throwable>handle((value, failure) -> failure).join();
  }

  static List<String> suppressedOf(Throwable failure) {
    return Arrays.stream(failure.getSuppressed()).map(Throwable::getMessage).toList();
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
