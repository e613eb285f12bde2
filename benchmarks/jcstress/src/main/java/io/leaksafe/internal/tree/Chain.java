package io.leaksafe.internal.tree;

/** Walks over a lane, in tests that may have broken it. */
final class Chain {

  private static final int ENOUGH = 10;

  private Chain() {}

  /** How many nodes the lane has, counted from its newest; {@value #ENOUGH} if there is no end to them. */
  static int fromNewest(Lane lane) {
    int count = 0;
    for (Node node = lane.newest(); node != null && count < ENOUGH; node = node.older) {
      count++;
    }
    return count;
  }

  /** The same, from its oldest. */
  static int fromOldest(Lane lane) {
    int count = 0;
    for (Node node = lane.oldest(); node != null && count < ENOUGH; node = node.newer) {
      count++;
    }
    return count;
  }

  /** Whether the node is in the lane. */
  static boolean has(Lane lane, Node wanted) {
    int count = 0;
    for (Node node = lane.newest(); node != null && count < ENOUGH; node = node.older) {
      if (node == wanted) {
        return true;
      }
      count++;
    }
    return false;
  }
}
