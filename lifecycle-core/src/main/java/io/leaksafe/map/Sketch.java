package io.leaksafe.map;

/**
 * Estimates how often a key was asked for lately, in half a byte for each counter.
 *
 * <p>Not thread-safe: used under one lock. A count-min sketch after Cormode and Muthukrishnan, 2005, that ages as TinyLFU
 * does (Einziger, Friedman and Manes, 2017).
 */
final class Sketch {
  /*
   * A key has four counters of four bits, all of them in one block of 64 bytes, so that it costs one cache line: one in each
   * pair of words. Its estimate is the least of them; adding raises those that are below the estimate's new value to it, up to 15 ("conservative update"), so that
   * what other keys added to the higher ones is not added to. After 20 additions for each entry of
   * room everything is halved, so that what was hot long ago is forgotten.
   */
  private static final int WORDS_PER_BLOCK = 8;
  private static final int ADDITIONS_PER_ENTRY = 20;
  private static final long ODD_BITS = 0x7777_7777_7777_7777L;
  private static final int MOST = 15;

  private final long[] words;
  private final int blocks;
  private final long period;
  private long additions;

  /** Makes an empty one with room for so many keys: 8 bytes for each. */
  Sketch(int keys) {
    blocks = Math.max(1, (keys + WORDS_PER_BLOCK - 1) / WORDS_PER_BLOCK);
    words = new long[blocks * WORDS_PER_BLOCK];
    period = (long) ADDITIONS_PER_ENTRY * Math.max(keys, WORDS_PER_BLOCK);
  }

  /** Raises a key's counters, and returns its estimate after that. */
  int add(int hash, int times) {
    int mixed = mix(hash);
    int block = block(mixed);
    int bits = remix(mixed);
    int after = Math.min(MOST, least(block, bits) + times);
    for (int i = 0; i < 4; i++, bits >>>= 5) {
      int word = block + 2 * i + (bits & 1);
      int shift = (bits & 0x1e) << 1;
      long before = words[word];
      int count = (int) (before >>> shift) & MOST;
      words[word] = before + ((long) Math.max(0, after - count) << shift);
    }
    additions += times;
    if (additions >= period) {
      halve();
    }
    return after;
  }

  /** How often a key was added lately: 0 to 15, and rather too much than too little. */
  int estimate(int hash) {
    int mixed = mix(hash);
    return least(block(mixed), remix(mixed));
  }

  private int least(int block, int bits) {
    int least = MOST;
    for (int i = 0; i < 4; i++, bits >>>= 5) {
      long word = words[block + 2 * i + (bits & 1)];
      least = Math.min(least, (int) (word >>> ((bits & 0x1e) << 1)) & MOST);
    }
    return least;
  }

  private void halve() {
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i] >>> 1 & ODD_BITS;
    }
    additions /= 2;
  }

  private int block(int mixed) {
    return (int) ((mixed & 0xffff_ffffL) * blocks >>> 32) * WORDS_PER_BLOCK;
  }

  private static int mix(int hash) {
    int mixed = (hash ^ hash >>> 15) * 0x2c1b3c6d;
    mixed = (mixed ^ mixed >>> 12) * 0x297a2d39;
    return mixed ^ mixed >>> 15;
  }

  private static int remix(int mixed) {
    int again = mixed * 0x31848bab;
    return again ^ again >>> 14;
  }
}
