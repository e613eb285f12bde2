package io.leaksafe.listener;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.time.TimeSource;

/** What the proofs of listeners begin with. */
final class Told {

  private Told() {}

  static CleanupManager root(TimeSource time) {
    return CleanupManager.builder("root")
        .tracking(Tracking.DISABLED)
        .timeSource(time)
        .build();
  }
}
