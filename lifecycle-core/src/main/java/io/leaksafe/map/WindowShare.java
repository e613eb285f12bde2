package io.leaksafe.map;

/** Which part of a map belongs to newcomers; it moves to where too many are evicted too early. */
final class WindowShare {
  /*
   * One field for all shards, written without a lock: a step that is lost in a race is one of thousands.
   */
  private static final double LEAST = 0.01;
  private static final double MOST = 0.80;
  private static final double AT_FIRST = 0.05;

  private final double step;
  private double share = AT_FIRST;

  /** For a map of so many entries, of which one step moves half a one. */
  WindowShare(long maximum) {
    step = 0.5 / maximum;
  }

  double get() {
    return share;
  }

  void grow() {
    share = Math.min(MOST, share + step);
  }

  void shrink() {
    share = Math.max(LEAST, share - step);
  }
}
