package io.leaksafe.stress;

/**
 * As {@link StressTime}, with one thread that waits, and a wait that knows when it is in vain: once the other actor has said
 * all it has to say, a permit that is not there will never come.
 */
public final class PermitTime extends StressTime {

  private static final int SPINS = 1_000;

  private volatile boolean permit;
  private volatile boolean allSaid;

  /** Thrown out of a wait that would never end. */
  @SuppressWarnings("serial")
  public static final class SleptOver extends RuntimeException {
    private SleptOver() {
      super("Nobody will wake this thread.", null, false, false);
    }
  }

  /** Says that this actor will wake nobody any more. */
  public void allSaid() {
    allSaid = true;
  }

  /** Runs what {@link #runKept} runs, until it ends or waits in vain. */
  public void runKeptUntilIdle() {
    try {
      runKept();
    } catch (SleptOver idle) {
      // whether something was slept over is for the test to say
    }
  }

  @Override
  public void park(Object blocker, long nanos) {
    for (int spins = 0; !permit; spins++) {
      if (allSaid && !permit) { // in this order: what was said before allSaid is seen
        throw new SleptOver();
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    permit = false;
  }

  @Override
  public void unpark(Thread thread) {
    permit = true;
  }
}
