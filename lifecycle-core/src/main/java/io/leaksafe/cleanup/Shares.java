package io.leaksafe.cleanup;

/**
 * Divides the time of one close among its closers, so that however many of them hang the rest still get theirs.
 *
 * <p>Confined to the lock of its run. Reads no clock: the time is passed in.
 */
final class Shares {
  /*
   * A closer gets half of what is left, the last one all of it. Each closer that outlives its share halves the shares of
   * those after it, and each that ends in time doubles them again, so that what comes after a run of hanging ones is not
   * cut short for long. A share is never less than a 64th of what is left: enough for a closer that works, and since a
   * hanging one takes a fraction of what is left and never all, however many there are, something is left for the rest.
   */
  private static final long SMALLEST_NANOS = 1_000_000;
  private static final long LONGEST_GRACE_NANOS = 50_000_000;
  private static final long AFTER_THE_END_NANOS = 100_000_000;
  private static final long LAST_WORD_NANOS = 20_000_000;
  private static final int MOST_OVERRUNS = 5; // half of 1/2^5 is the 64th

  /** The longest time between two looks at a run. */
  static final long LONGEST_LOOK_NANOS = 3_600_000_000_000L;

  private final long startedAt;
  private final long deadline;
  private int overruns;

  /** Begins to divide a length of time, from now on. */
  Shares(long now, long totalNanos) {
    this.startedAt = now;
    this.deadline = now + Math.min(totalNanos, Long.MAX_VALUE / 4);
  }

  /** When the first closer's share is over at the earliest, unless it has a limit of its own. */
  long firstLook() {
    return startedAt + (deadline - startedAt >> 1);
  }

  /**
   * How long the next closer may take.
   *
   * @param now  by the monotonic clock
   * @param own  its own limit; zero for none
   * @param last whether nothing comes after it
   * @return nanoseconds, more than zero, also when nothing is left: nobody is skipped
   */
  long next(long now, long own, boolean last) {
    long left = deadline - now;
    if (left <= 0) {
      return AFTER_THE_END_NANOS;
    }
    if (own != 0) {
      return Math.max(SMALLEST_NANOS, Math.min(own, last ? left : left - left / 8));
    }
    return Math.max(SMALLEST_NANOS, last ? left : left >> 1 + overruns);
  }

  /** Notes that a closer outlived its share. */
  void overrun() {
    overruns = Math.min(overruns + 1, MOST_OVERRUNS);
  }

  /** Notes that a closer ended in time. */
  void inTime() {
    overruns = Math.max(0, overruns - 1);
  }

  /** How long a closer that was interrupted may take to obey. */
  static long grace(long share) {
    return Math.max(SMALLEST_NANOS, Math.min(LONGEST_GRACE_NANOS, share / 4));
  }

  /** When whoever waits for the whole close gives up waiting: when even the last closer's grace is over and noted. */
  long waitUntil() {
    return deadline + LONGEST_GRACE_NANOS + LAST_WORD_NANOS;
  }
}
