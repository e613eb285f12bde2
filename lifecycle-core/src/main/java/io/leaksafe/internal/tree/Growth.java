package io.leaksafe.internal.tree;

import java.util.Arrays;

/**
 * Notices that the live handles of one name have become many, without keeping a count per name.
 *
 * <p>Confined to the lock of its lane.
 */
final class Growth {
  /*
   * Idea. Names fall into buckets by their hash. A bucket's count is never below that of any of its names, so as long as it
   * is below the threshold no name has reached it, and nobody needs to look. When it is reached, the owner counts the name
   * itself, in one walk over its list, and says at which bucket count to look again: where the name would double, or, after
   * a false alarm (several names in one bucket), where it could reach the threshold, but at least a quarter further on, so
   * that walks stay rare however the names fall. Things owned outright have buckets of their own, with a lower threshold.
   */

  /** Live owned things of one name worth a warning; a lane with fewer live nodes needs no counters. */
  static final int SMALLEST = 16;

  private static final int BUCKETS = 32;

  private final int[] live = new int[2 * BUCKETS];
  private final int[] look = new int[2 * BUCKETS];

  private final int lanes;

  /** Counts for one of several lanes, which together have {@code warnAbove} of a name when one of them has its share. */
  Growth(int warnAbove, int lanes) {
    this.lanes = lanes;
    Arrays.fill(look, 0, BUCKETS, Math.max(1, warnAbove / lanes));
    Arrays.fill(look, BUCKETS, 2 * BUCKETS, Math.min(SMALLEST, warnAbove));
  }

  void opened(Node node) {
    live[bucket(node)]++;
  }

  void closed(Node node) {
    live[bucket(node)]--;
  }

  boolean reached(Node node) {
    int bucket = bucket(node);
    return live[bucket] >= look[bucket];
  }

  /** Notes that {@code counted} nodes have this one's name, and when to look again. */
  void looked(Node node, int counted, int threshold) {
    int bucket = bucket(node);
    int further = counted >= threshold ? counted : threshold - counted;
    look[bucket] = live[bucket]
        + Math.max(Math.max(1, further / lanes), counted >= threshold ? 0 : live[bucket] / 4);
  }

  private static int bucket(Node node) {
    int hash = node.name().hashCode();
    return (hash ^ hash >>> 16) & BUCKETS - 1 | (node.isOwned() ? BUCKETS : 0);
  }
}
