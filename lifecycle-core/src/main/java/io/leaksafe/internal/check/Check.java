package io.leaksafe.internal.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of arguments: each returns what it was given, or says what is wrong, with which value, and what to do. */
public final class Check {

  private Check() {}

  /** Rejects null. */
  public static <T> T notNull(@Nullable T value, String what) {
    if (value == null) {
      throw new NullPointerException(what + " must not be null.");
    }
    return value;
  }

  /** Rejects null and names of nothing but white space. */
  public static String name(@Nullable String name, String what) {
    String given = notNull(name, what);
    if (given.isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank, was \"" + given
          + "\". It is how reports and logs call this.");
    }
    return given;
  }

  /** Rejects null, zero and negative durations; returns nanoseconds, saturated. */
  public static long positiveNanos(@Nullable Duration duration, String what) {
    Duration given = notNull(duration, what);
    if (given.isZero() || given.isNegative()) {
      throw new IllegalArgumentException(
          what + " must be longer than zero, was " + Text.duration(given) + ".");
    }
    return saturatedNanos(given);
  }

  /** Rejects null and negative durations; returns nanoseconds, saturated. */
  public static long notNegativeNanos(@Nullable Duration duration, String what) {
    Duration given = notNull(duration, what);
    if (given.isNegative()) {
      throw new IllegalArgumentException(
          what + " must be zero or longer, was " + Text.duration(given) + ".");
    }
    return saturatedNanos(given);
  }

  /** Rejects numbers below one. */
  public static int positive(int number, String what) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be 1 or more, was " + number + ".");
    }
    return number;
  }

  /** Turns a duration of any sign into nanoseconds; what is too large becomes the largest or smallest long. */
  public static long saturatedNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
