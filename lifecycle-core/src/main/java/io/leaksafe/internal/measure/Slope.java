package io.leaksafe.internal.measure;

import java.util.Arrays;

/**
 * The slope of some points, by the median of the slopes of all pairs (Theil and Sen), which a few outliers do not move, with the
 * interval in which the true slope lies in 95 of 100 cases.
 *
 * @param median the slope; zero with fewer than 3 points
 * @param low    the lower end of the interval; negative infinity where there are too few points to tell
 * @param high   the upper end of the interval; infinity where there are too few points to tell
 */
public record Slope(double median, double low, double high) {
  /*
   * The interval is Sen's: of the N = n (n - 1) / 2 slopes, sorted, the ones that stand C / 2 before and behind the middle, where
   * C = 1.96 sqrt(n (n - 1) (2 n + 5) / 18) is the 95 % bound of Kendall's statistic. With 120 samples that is 7,140 slopes, half
   * a millisecond of sorting. P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968.
   */
  private static final double Z = 1.96;
  private static final int FEWEST = 8;

  /** The slope of the first so many points; the x rise. */
  public static Slope of(long[] x, double[] y, int count) {
    if (count < 3) {
      return unknown(0);
    }
    double[] slopes = slopes(x, y, count);
    Arrays.sort(slopes);
    int all = slopes.length;
    double median = (slopes[(all - 1) / 2] + slopes[all / 2]) / 2;
    if (count < FEWEST) {
      return unknown(median);
    }
    double bound = Z * Math.sqrt(count * (count - 1.0) * (2.0 * count + 5) / 18);
    int low = Math.max(0, (int) Math.floor((all - bound) / 2));
    int high = Math.min(all - 1, (int) Math.ceil((all + bound) / 2));
    return new Slope(median, slopes[low], slopes[high]);
  }

  private static Slope unknown(double median) {
    return new Slope(median, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  private static double[] slopes(long[] x, double[] y, int count) {
    double[] slopes = new double[count * (count - 1) / 2];
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        slopes[at++] = (y[j] - y[i]) / Math.max(1, x[j] - x[i]);
      }
    }
    return slopes;
  }
}
