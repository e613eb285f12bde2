package io.leaksafe.map;

/** Which part of a map belongs to newcomers; it moves to where too many are evicted too early. */
final class WindowShare {
  /*
   * One field for all shards, written without a lock: a step that is lost in a race is one of thousands.
   */
  private static final double LEAST = 0.01;
  private static final double MOST = 0.80;
  private static final double AT_FIRST = 0.02;
  private static final double CAREFUL = 0.25;

  private final double step;
  private double share = AT_FIRST;

  /** For a map of so many entries, of which one step moves one. */
  WindowShare(long maximum) {
    step = 1.0 / maximum;
  }

  double get() {
    return share;
  }

  /** More for newcomers; a quarter of a step if the map is careful. */
  void grow(boolean carefully) {
    share = Math.min(MOST, share + (carefully ? CAREFUL * step : step));
  }

  /** Less for newcomers; a quarter of a step if the map is careful. */
  void shrink(boolean carefully) {
    share = Math.max(LEAST, share - (carefully ? CAREFUL * step : step));
  }
}
