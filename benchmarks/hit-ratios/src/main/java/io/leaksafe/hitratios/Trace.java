package io.leaksafe.hitratios;

import java.util.Arrays;

/**
 * A sequence of accesses to keys. Keys are interned once, to ranks in the order of their first access, so that policies
 * work on plain arrays instead of hash tables.
 */
final class Trace {

  private static final int NEVER = Integer.MAX_VALUE;

  private final String name;
  private final int[] accesses;
  private final long[] keys;
  private final Long[] boxed;

  private Trace(String name, int[] accesses, long[] keys) {
    this.name = name;
    this.accesses = accesses;
    this.keys = keys;
    this.boxed = Arrays.stream(keys).boxed().toArray(Long[]::new);
  }

  static Trace of(String name, long... keys) {
    Builder builder = new Builder();
    for (long key : keys) {
      builder.add(key);
    }
    return builder.build(name);
  }

  String name() {
    return name;
  }

  /** How many accesses there are. */
  int length() {
    return accesses.length;
  }

  /** How many different keys there are; every rank is below. */
  int distinct() {
    return keys.length;
  }

  /** The rank of the key accessed at each position. Not a copy: read it, do not write it. */
  int[] accesses() {
    return accesses;
  }

  /** The key that a rank stands for, always the same instance. */
  Long key(int rank) {
    return boxed[rank];
  }

  /** For each position, the position at which the same key is accessed next; {@link Integer#MAX_VALUE} if never. */
  int[] nextUses() {
    int[] next = new int[accesses.length];
    int[] soonest = new int[keys.length];
    Arrays.fill(soonest, NEVER);
    for (int i = accesses.length - 1; i >= 0; i--) {
      next[i] = soonest[accesses[i]];
      soonest[accesses[i]] = i;
    }
    return next;
  }

  /** Collects accesses; the open-addressed table from key to rank has only this one use. */
  static final class Builder {

    private int[] accesses = new int[1 << 10];
    private int length;
    private long[] keys = new long[1 << 8];
    private int distinct;
    private int[] ranks = new int[1 << 10];

    Builder add(long key) {
      if (length == accesses.length) {
        accesses = Arrays.copyOf(accesses, 2 * length);
      }
      accesses[length++] = rank(key);
      return this;
    }

    int length() {
      return length;
    }

    Trace build(String name) {
      return new Trace(name, Arrays.copyOf(accesses, length), Arrays.copyOf(keys, distinct));
    }

    private int rank(long key) {
      int slot = slot(key);
      if (ranks[slot] != 0) {
        return ranks[slot] - 1;
      }
      if (distinct == keys.length) {
        grow();
        slot = slot(key);
      }
      keys[distinct] = key;
      ranks[slot] = ++distinct;
      return distinct - 1;
    }

    private int slot(long key) {
      int mask = ranks.length - 1;
      int slot = (int) (Mix.of(key)) & mask;
      while (ranks[slot] != 0 && keys[ranks[slot] - 1] != key) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    /** The table is four times as long as the keys have room, so it is never more than a quarter full. */
    private void grow() {
      keys = Arrays.copyOf(keys, 2 * distinct);
      ranks = new int[4 * keys.length];
      for (int i = 0; i < distinct; i++) {
        ranks[slot(keys[i])] = i + 1;
      }
    }
  }
}
