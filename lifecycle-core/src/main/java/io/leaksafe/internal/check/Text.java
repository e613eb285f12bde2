package io.leaksafe.internal.check;

import java.time.Duration;
import java.util.Locale;

/** The words of messages: durations, counts and stack frames as a person reads them. */
public final class Text {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Text() {}

  /** As {@link #duration(long)}. */
  public static String duration(Duration duration) {
    return duration(Check.saturatedNanos(duration));
  }

  /** Names the two largest units that say something: {@code 850 ns}, {@code 12 ms}, {@code 1.2 s}, {@code 3 h 12 min}. */
  public static String duration(long nanos) {
    if (nanos < 0) {
      return nanos == Long.MIN_VALUE ? duration(nanos + 1) : "-" + duration(-nanos);
    }
    if (nanos < 10 * MICRO) {
      return nanos < MICRO ? nanos + " ns" : decimal(nanos, MICRO, "µs");
    }
    if (nanos < MILLI) {
      return nanos / MICRO + " µs";
    }
    if (nanos < SECOND) {
      return nanos < 10 * MILLI ? decimal(nanos, MILLI, "ms") : nanos / MILLI + " ms";
    }
    if (nanos < MINUTE) {
      return decimal(nanos, SECOND, "s");
    }
    if (nanos < HOUR) {
      return pair(nanos, MINUTE, "min", SECOND, "s");
    }
    return nanos < DAY ? pair(nanos, HOUR, "h", MINUTE, "min") : pair(nanos, DAY, "d", HOUR, "h");
  }

  private static String decimal(long nanos, long unit, String name) {
    long tenths = nanos / (unit / 10);
    return (tenths % 10 == 0 ? "" + tenths / 10 : tenths / 10 + "." + tenths % 10) + " " + name;
  }

  private static String pair(long nanos, long unit, String name, long smaller, String smallerName) {
    long rest = nanos % unit / smaller;
    return nanos / unit + " " + name + (rest == 0 ? "" : " " + rest + " " + smallerName);
  }

  /** Groups digits by thousands. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A count with its noun, whose plural takes an s. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** A frame with its package, without its module and class loader. */
  public static String fullFrame(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.substring(0, type.lastIndexOf('.') + 1) + frame(frame);
  }

  /** A frame without its package: {@code Feed.connect(Feed.java:88)}. */
  public static String frame(StackTraceElement frame) {
    String type = frame.getClassName();
    String where = frame.getFileName() == null
        ? "Unknown Source"
        : frame.getFileName() + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber());
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName() + "(" + where
        + ")";
  }
}
