package io.leaksafe.schedule;

/** A task that takes a moment, and says how far it is. */
final class SlowTask {

  private static final int SPINS = 50;

  private volatile boolean begun;
  private volatile boolean ended;

  void run() {
    begun = true;
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
    ended = true;
  }

  boolean hasBegun() {
    return begun;
  }

  /** As a sentence about it begins. */
  String state() {
    return !begun ? "has not begun" : ended ? "has ended" : "is running";
  }
}
