package io.leaksafe.map;

/**
 * Remembers which keys were evicted last, in four bytes for each: one that comes back soon was evicted too early.
 *
 * <p>Not thread-safe: used under one lock.
 */
final class Ghosts {
  /*
   * A slot is a fingerprint of 16 bits above the time of the eviction, counted in evictions, of which 16 bits are kept. A key
   * belongs to a pair of slots; the older of the two gives way. What is older than the capacity is forgotten, which also
   * hides that the time wraps around, as long as the capacity is well below 2^16. An empty slot is one that was never written:
   * fingerprints are never zero.
   */
  static final int MOST = 1 << 14;
  private static final int TIME = 0xffff;

  private final int[] slots;
  private final int pairs;
  private final int capacity;
  private int now;

  /** Makes one that remembers the last so many keys. */
  Ghosts(int capacity) {
    this.capacity = Math.max(1, Math.min(capacity, MOST));
    this.pairs = this.capacity;
    this.slots = new int[2 * pairs];
  }

  int capacity() {
    return capacity;
  }

  void add(int hash) {
    now++;
    int pair = pair(hash);
    int at = age(slots[pair]) >= age(slots[pair + 1]) ? pair : pair + 1;
    slots[at] = fingerprint(hash) << 16 | now & TIME;
  }

  boolean contains(int hash) {
    return contains(hash, capacity);
  }

  /** Whether a key is among the last so many that were evicted. */
  boolean contains(int hash, int last) {
    int pair = pair(hash);
    int print = fingerprint(hash);
    int most = Math.min(last, capacity);
    return isOf(print, slots[pair], most) || isOf(print, slots[pair + 1], most);
  }

  private boolean isOf(int print, int slot, int last) {
    return slot >>> 16 == print && age(slot) < last;
  }

  /** How many evictions ago a slot was written; an empty one is the oldest of all. */
  private int age(int slot) {
    return slot == 0 ? TIME + 1 : now - slot & TIME;
  }

  private int pair(int hash) {
    int mixed = (hash ^ hash >>> 16) * 0x45d9f3b;
    return (int) ((mixed & 0xffff_ffffL) * pairs >>> 32) * 2;
  }

  private static int fingerprint(int hash) {
    int mixed = (hash ^ hash >>> 13) * 0x5bd1e995;
    return mixed >>> 16 | 1;
  }
}
