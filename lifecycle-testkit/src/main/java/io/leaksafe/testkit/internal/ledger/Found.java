package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.time.Duration;
import java.util.List;

/** Leaks of which it is not known where they were made. */
final class Found {

  private Found() {}

  static Leak of(LeakKind kind, String name, String state, long since, String fix) {
    Duration age = Duration.ofNanos(Moments.now() - since);
    return new Leak(kind, name, state, age, List.of(), List.of(), "", fix, List.of());
  }
}
