package io.leaksafe.health;

import java.time.Duration;
import java.util.Arrays;

/** The slope of some points, by the median of the slopes of all pairs, and how sure it is. */
final class TheilSen {
  /*
   * The interval is Sen's: of the N = n (n - 1) / 2 slopes, sorted, the ones that stand C / 2 before and behind the middle, where
   * C = 1.96 sqrt(n (n - 1) (2 n + 5) / 18) is the 95 % bound of Kendall's statistic. With 120 samples that is 7,140 slopes, half
   * a millisecond of sorting. P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968.
   */
  private static final double Z = 1.96;
  private static final int FEWEST = 8;
  private static final double HOUR_NANOS = 3_600e9;

  private TheilSen() {}

  /** The trend of values at times in nanoseconds; the times rise. */
  static Trend of(long[] nanos, double[] values, int count) {
    Duration over = Duration.ofNanos(count == 0 ? 0 : nanos[count - 1] - nanos[0]);
    if (count < 3) {
      return unknown(0, count, over);
    }
    double[] slopes = slopes(nanos, values, count);
    Arrays.sort(slopes);
    int all = slopes.length;
    double median = (slopes[(all - 1) / 2] + slopes[all / 2]) / 2 * HOUR_NANOS;
    if (count < FEWEST) {
      return unknown(median, count, over);
    }
    double bound = Z * Math.sqrt(count * (count - 1.0) * (2.0 * count + 5) / 18);
    int low = Math.max(0, (int) Math.floor((all - bound) / 2));
    int high = Math.min(all - 1, (int) Math.ceil((all + bound) / 2));
    return new Trend(median, slopes[low] * HOUR_NANOS, slopes[high] * HOUR_NANOS, count, over);
  }

  private static Trend unknown(double slope, int count, Duration over) {
    return new Trend(slope, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, count, over);
  }

  private static double[] slopes(long[] nanos, double[] values, int count) {
    double[] slopes = new double[count * (count - 1) / 2];
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        slopes[at++] = (values[j] - values[i]) / Math.max(1, nanos[j] - nanos[i]);
      }
    }
    return slopes;
  }
}
