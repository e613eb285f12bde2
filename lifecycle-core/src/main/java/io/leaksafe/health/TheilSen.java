package io.leaksafe.health;

import io.leaksafe.internal.measure.Slope;
import java.time.Duration;

/** The trend of values over time. */
final class TheilSen {

  private static final double HOUR_NANOS = 3_600e9;

  private TheilSen() {}

  /** The trend of values at times in nanoseconds; the times rise. */
  static Trend of(long[] nanos, double[] values, int count) {
    Duration over = Duration.ofNanos(count == 0 ? 0 : nanos[count - 1] - nanos[0]);
    Slope slope = Slope.of(nanos, values, count);
    return new Trend(
        slope.median() * HOUR_NANOS,
        slope.low() * HOUR_NANOS,
        slope.high() * HOUR_NANOS,
        count,
        over);
  }
}
