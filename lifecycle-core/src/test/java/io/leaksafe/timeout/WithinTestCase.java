package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A stage that the test completes, and a scope that has a limit on it. */
abstract class WithinTestCase extends TimeoutTestCase {
  final CompletableFuture<String> source = new CompletableFuture<>();
  final Scope session = app.child("session");

  final CompletableFuture<String> within(Duration limit) {
    return Timeouts.within(session, "load", limit, () -> source);
  }

  final CompletableFuture<String> pendingResult() {
    CompletableFuture<String> result = within(seconds(2));
    assertThat(pending()).isEqualTo(1);
    return result;
  }

  final void assertNoTimer() {
    assertThat(pending()).isZero();
    assertThat(OwnerNode.of(session).timers().size()).isZero();
  }
}
