package io.leaksafe.internal.wheel;

/**
 * The wheels' unit of time: nanoseconds are rounded up to the next tick, so that nothing is due early.
 *
 * @param origin when tick 0 began, by the clock of the wheels
 * @param shift  a tick is 2^shift nanoseconds long
 */
record Ticks(long origin, int shift) {

  /** Readings compare by difference, so what seems to be longer ago than this lies that much beyond the other end. */
  private static final long LONGEST_AGO = -(1L << 62);

  /** The first tick that does not begin before a moment; zero for what lies before the origin, the last for what is too far. */
  long of(long nanos) {
    long since = nanos - origin;
    if (since <= 0) {
      if (since > LONGEST_AGO) {
        return 0;
      }
      since = Long.MAX_VALUE;
    }
    return since + (1L << shift) - 1
        >>> shift; // a sum beyond Long.MAX_VALUE is still one without a sign
  }

  /** The tick that a moment is in. */
  long in(long nanos) {
    return Math.max(0, nanos - origin) >>> shift;
  }

  /** Whether a tick is a nanosecond. */
  boolean areExact() {
    return shift == 0;
  }

  /** How long it is from a moment to the start of a tick, in nanoseconds. */
  long until(long tick, long nanos) {
    long start = tick << shift;
    return (start < 0 ? Long.MAX_VALUE : start) - (nanos - origin);
  }

  /** How many digits of so many bits the last tick has. */
  int digits(int bits) {
    return (Long.SIZE - shift + bits - 1) / bits;
  }
}
