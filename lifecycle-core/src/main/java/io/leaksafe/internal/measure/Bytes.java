package io.leaksafe.internal.measure;

import java.util.Locale;

/** The words of messages for amounts of memory. */
public final class Bytes {

  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
  private static final int KILO = 1_024;

  private Bytes() {}

  /** Names it in the largest unit of which it has at least one: {@code 412 MB}. */
  public static String text(double bytes) {
    double rest = Math.abs(bytes);
    int unit = 0;
    while (rest >= KILO && unit < UNITS.length - 1) {
      rest /= KILO;
      unit++;
    }
    String number = rest >= 100 || unit == 0 || rest == Math.rint(rest)
        ? String.format(Locale.ROOT, "%.0f", rest)
        : String.format(Locale.ROOT, "%.1f", rest);
    return (bytes < 0 ? "-" : "") + number + " " + UNITS[unit];
  }

  /** As {@link #text(double)}. */
  public static String text(long bytes) {
    return text((double) bytes);
  }

  /** As {@link #text(double)}, with a sign. */
  public static String signed(double bytes) {
    return bytes > 0 ? "+" + text(bytes) : text(bytes);
  }
}
