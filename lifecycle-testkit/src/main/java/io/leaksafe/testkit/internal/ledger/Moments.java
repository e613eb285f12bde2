package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.time.TimeSource;

/** Real time: what is watched may well be a virtual one. */
final class Moments {

  private Moments() {}

  static long now() {
    return TimeSource.system().nanoTime();
  }

  /** Waits, also for a thread that was interrupted: that one keeps its flag. */
  static void pause(long nanos) {
    boolean interrupted = Thread.interrupted();
    long end = now() + nanos;
    for (long left = nanos; left > 0; left = end - now()) {
      TimeSource.system().park(Moments.class, left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
