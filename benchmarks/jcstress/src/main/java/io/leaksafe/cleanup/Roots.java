package io.leaksafe.cleanup;

import io.leaksafe.handle.Tracking;
import io.leaksafe.time.TimeSource;

/** Opens roots for proofs. */
final class Roots {

  private Roots() {}

  static CleanupManager open(TimeSource time) {
    return CleanupManager.builder("root")
        .tracking(Tracking.DISABLED)
        .timeSource(time)
        .build();
  }
}
