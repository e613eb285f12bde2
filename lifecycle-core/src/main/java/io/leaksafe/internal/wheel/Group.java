package io.leaksafe.internal.wheel;

import java.util.Arrays;

/** Entries that are counted, listed and ended together. Each of them is scheduled once. */
public final class Group {
  /*
   * In each stripe where it has had an entry, a group has a sentinel: a slot of its own, at the head of a list of its entries
   * there. sentinels[i] and what hangs on it are guarded by the lock of stripe i. Each sentinel is written once by the first
   * entry and then only read, so the array may be shared by the stripes' threads.
   */
  static final int NONE = -1;

  private static final int MANY = 16;

  private final int[] sentinels;
  private volatile boolean sealed;

  /** A hint, written under the lock of any stripe: somewhere the number of entries has doubled. */
  private boolean grown;

  Group(int stripes) {
    sentinels = new int[stripes];
    Arrays.fill(sentinels, NONE);
  }

  /** Under the lock of that stripe. */
  int sentinel(int stripe) {
    return sentinels[stripe];
  }

  /** Under the lock of that stripe. */
  void sentinel(int stripe, int slot) {
    sentinels[stripe] = slot;
  }

  /** Under the lock of a stripe: there are so many entries there now. */
  void grew(int count) {
    if (count >= MANY && Integer.bitCount(count) == 1) {
      grown = true;
    }
  }

  /** Whether the entries have become many more, somewhere, since this was asked last; cheap enough to ask each time. */
  public boolean hasGrown() {
    boolean was = grown;
    if (was) {
      grown = false;
    }
    return was;
  }

  boolean isSealed() {
    return sealed;
  }

  /** Refuses entries: whoever adds one looks under the lock of a stripe, and whoever seals then takes each of those locks. */
  void seal() {
    sealed = true;
  }
}
