package io.leaksafe.schedule;

import io.leaksafe.internal.tree.Root;
import io.leaksafe.stress.StressTime;

/** Ends the engine's threads where they would sleep. Whoever waits for a close waits. */
final class EngineTime extends StressTime {

  /** Runs the thread that was kept first until it would sleep. */
  void runUntilIdle() {
    try {
      runKept();
    } catch (Idle asleep) {
      // it has done all there is to do
    }
  }

  @Override
  public void park(Object blocker, long nanos) {
    if (!(blocker instanceof Root)) {
      throw new Idle();
    }
    super.park(blocker, nanos);
  }

  @SuppressWarnings("serial")
  private static final class Idle extends RuntimeException {
    Idle() {
      super("This thread would sleep now.", null, false, false);
    }
  }
}
