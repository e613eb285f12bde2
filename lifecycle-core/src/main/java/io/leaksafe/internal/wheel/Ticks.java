package io.leaksafe.internal.wheel;

/**
 * The wheels' unit of time: nanoseconds are rounded up to the next tick, so that nothing is due early.
 *
 * @param origin when tick 0 began, by the clock of the wheels
 * @param shift  a tick is 2^shift nanoseconds long
 */
record Ticks(long origin, int shift) {

  private static final int BITS_OF_NANOS = 62;

  /** The first tick that does not begin before a moment; zero for what lies before the origin. */
  long of(long nanos) {
    long since = nanos - origin;
    return since <= 0 ? 0 : since + (1L << shift) - 1 >>> shift;
  }

  /** The tick that a moment is in. */
  long in(long nanos) {
    return Math.max(0, nanos - origin) >>> shift;
  }

  /** How long it is from a moment to the start of a tick, in nanoseconds. */
  long until(long tick, long nanos) {
    return (tick << shift) - (nanos - origin);
  }

  /** How many digits of so many bits the ticks of the longest delay have. */
  int digits(int bits) {
    return (BITS_OF_NANOS - shift + bits - 1) / bits;
  }
}
