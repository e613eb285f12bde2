package io.leaksafe.health;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import java.time.Duration;

/**
 * How the heap goes: its slope, by the median of all slopes between two samples (Theil and Sen), which a few outliers do not
 * move, with the interval in which the true slope lies in 95 of 100 cases.
 *
 * <p>It is taken from the heap after collections where that is known, and from the heap in use otherwise. Samples between two
 * collections are not counted twice.
 *
 * @param bytesPerHour the slope; zero with fewer than 3 samples
 * @param low          the lower end of the interval; negative infinity where there are too few samples to tell
 * @param high         the upper end of the interval; infinity where there are too few samples to tell
 * @param samples      how many samples it was taken from
 * @param over         the time between the first of them and the last
 */
public record Trend(double bytesPerHour, double low, double high, int samples, Duration over) {

  /**
   * Tells whether it grows, beyond what chance explains.
   *
   * @return whether all of the interval is above zero
   */
  public boolean grows() {
    return low > 0;
  }

  /** Returns it as a person reads it. */
  @Override
  public String toString() {
    if (low == Double.NEGATIVE_INFINITY) {
      return "unknown yet";
    }
    return (grows() ? "grows by " : "no growth to be told: ") + Bytes.signed(bytesPerHour) + "/h ("
        + Bytes.signed(low) + " to " + Bytes.signed(high) + ", " + Text.count(samples, "sample")
        + " over " + Text.duration(over) + ")";
  }
}
