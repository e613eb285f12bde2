package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Tracking;

/** A manager and a child scope in it, with many handles that stay open while something else is measured. */
final class Live {

  static final int HANDLES = 10_000;

  static final Closer<Object> NOTHING = resource -> {};

  final CleanupManager root;
  final Scope scope;

  Live(Tracking tracking) {
    this(tracking, HANDLES);
  }

  Live(Tracking tracking, int handles) {
    root = manager(tracking);
    scope = root.child("scope");
    for (int i = 0; i < handles; i++) {
      scope.register("live", this, NOTHING);
    }
  }

  static CleanupManager manager(Tracking tracking) {
    CleanupManager.Builder builder = CleanupManager.builder("root").tracking(tracking);
    return tracking == Tracking.DISABLED
        ? builder.build()
        : builder.warnAbove(1_000_000).build(); // ten thousand are meant
  }
}
