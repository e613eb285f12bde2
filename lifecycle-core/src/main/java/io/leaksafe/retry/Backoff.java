package io.leaksafe.retry;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long to wait between attempts. */
record Backoff(
    long firstNanos, long capNanos, double jitter, @Nullable RandomGenerator random) {

  /** The wait after the given attempt has failed: doubled each time, spread, and never longer than the cap. */
  long after(int attempt) {
    long even = doubled(attempt - 1);
    if (jitter == 0) {
      return even;
    }
    RandomGenerator source = random == null ? ThreadLocalRandom.current() : random;
    double spread = 1 + jitter * (2 * source.nextDouble() - 1);
    return Math.min(capNanos, (long) (even * spread)); // the cast saturates
  }

  private long doubled(int times) {
    boolean fits = times < Long.numberOfLeadingZeros(firstNanos) - 1;
    return fits ? Math.min(capNanos, firstNanos << times) : firstNanos == 0 ? 0 : capNanos;
  }
}
