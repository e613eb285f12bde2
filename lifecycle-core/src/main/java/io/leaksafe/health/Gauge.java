package io.leaksafe.health;

import io.leaksafe.health.Health.Level;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The thresholds of one measure, and the level it is at. Confined to the monitor's lock. */
final class Gauge {

  private static final double HUNDRED = 100;

  final Measure measure;
  private final double warning;
  private final double critical;
  private final boolean percent;
  private Level level = Level.OK;

  Gauge(Measure measure, double warning, double critical, boolean percent) {
    this.measure = measure;
    this.warning = warning;
    this.critical = critical;
    this.percent = percent;
  }

  /** The same thresholds, at OK. */
  Gauge copy() {
    return new Gauge(measure, warning, critical, percent);
  }

  /**
   * Judges a value: a level is entered at its threshold, and left again below that by a margin.
   *
   * @return why the level is not OK; null if it is, or the measure is not known
   */
  @Nullable
  String judge(Reading reading, double margin) {
    double value = value(reading);
    if (value < 0) {
      level = Level.OK;
      return null;
    }
    if (isAt(Level.CRITICAL, value, critical, margin)) {
      level = Level.CRITICAL;
    } else {
      level = isAt(Level.WARNING, value, warning, margin) ? Level.WARNING : Level.OK;
    }
    return level == Level.OK ? null : reason(reading);
  }

  private boolean isAt(Level wanted, double value, double threshold, double margin) {
    return value >= threshold || level.compareTo(wanted) >= 0 && value >= threshold * (1 - margin);
  }

  private double value(Reading reading) {
    long value = reading.of(measure);
    if (!percent) {
      return value;
    }
    long most = reading.most(measure);
    return value < 0 || most <= 0 ? -1 : HUNDRED * value / most;
  }

  Level level() {
    return level;
  }

  private String reason(Reading reading) {
    double threshold = level == Level.CRITICAL ? critical : warning;
    return measure.words + " is " + amount(reading.of(measure))
        + (percent ? ", " + percent(value(reading)) + " of " + amount(reading.most(measure)) : "")
        + ": " + level + " from " + (percent ? percent(threshold) : amount((long) threshold))
        + " on";
  }

  private String amount(long value) {
    return measure.bytes ? Bytes.text(value) : Text.count(value);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f %%" : "%.1f %%", value);
  }
}
