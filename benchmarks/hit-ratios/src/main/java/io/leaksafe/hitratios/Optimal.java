package io.leaksafe.hitratios;

/**
 * Hits as often as any policy possibly can: it knows the future. What is needed last goes first, the newcomer included,
 * since a cache may also refuse one. After Belady, "A study of replacement algorithms for a virtual-storage computer", 1966.
 */
final class Optimal implements Policy {

  /*
   * Idea. A key that is held is a set bit at the position of its next access. So an access hits if
   * its own position is set, and the victim is the highest position. A key that is never accessed
   * again is not held at all.
   */
  @Override
  public long hits(Trace trace, int size) {
    int[] next = trace.nextUses();
    Positions held = new Positions(next.length);
    long hits = 0;
    int count = 0;
    for (int i = 0; i < next.length; i++) {
      if (held.remove(i)) {
        hits++;
        count--;
      }
      if (next[i] != Integer.MAX_VALUE) {
        held.add(next[i]);
        if (++count > size) {
          held.removeHighest();
          count--;
        }
      }
    }
    return hits;
  }

  /** A set of small numbers that finds its highest in a few steps: bit b of a level says that word b below it is not 0. */
  private static final class Positions {

    private final long[][] levels;

    Positions(int length) {
      int depth = 1;
      for (int words = words(length); words > 1; words = words(words)) {
        depth++;
      }
      levels = new long[depth][];
      int words = length;
      for (int level = 0; level < depth; level++) {
        words = words(words);
        levels[level] = new long[words];
      }
    }

    private static int words(int bits) {
      return Math.max(1, (bits + 63) >>> 6);
    }

    void add(int position) {
      for (int level = 0, bit = position; level < levels.length; level++, bit >>>= 6) {
        levels[level][bit >>> 6] |= 1L << bit;
      }
    }

    boolean remove(int position) {
      if ((levels[0][position >>> 6] & 1L << position) == 0) {
        return false;
      }
      for (int level = 0, bit = position; level < levels.length; level++, bit >>>= 6) {
        levels[level][bit >>> 6] &= ~(1L << bit);
        if (levels[level][bit >>> 6] != 0) {
          break;
        }
      }
      return true;
    }

    void removeHighest() {
      int position = 0;
      for (int level = levels.length - 1; level >= 0; level--) {
        position = position << 6 | 63 - Long.numberOfLeadingZeros(levels[level][position]);
      }
      remove(position);
    }
  }
}
