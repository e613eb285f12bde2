package io.leaksafe.internal.wheel;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** Entries that are counted, listed and ended together. Each of them is scheduled once. */
public class Group {
  /*
   * In each stripe where it has had an entry, a group has a sentinel: a slot of its own, at the head of a list of its entries
   * there. The sentinel in stripe i, and what hangs on it, is guarded by the lock of stripe i. The array they are noted in is
   * replaced when there are more stripes; that, and every change of it, happens under a lock of its own, which is taken last
   * and held for a few instructions. Who holds the lock of a stripe reads it without: whichever array it sees, what was noted
   * for that stripe under that lock is in there. Each place is written seldom and read often, so threads may share it. With the
   * slot goes the number of the slab it was taken from, above: when that is dropped, what is noted here means nothing.
   *
   * Sealing is one volatile write. An entry is added under the lock of a stripe: either before whoever sealed took that lock,
   * to take out what is there, or after, and then it sees the seal. Proof: jcstress SealAgainstAdd, whose twin looks before it
   * locks.
   */
  static final long NONE = -1;

  private final ReentrantLock changing = new ReentrantLock();
  private volatile long[] sentinels = {};
  private volatile boolean sealed;

  /** A hint, written under the lock of any stripe. */
  private boolean grown;

  /** Makes one without entries. */
  public Group() {}

  /** Under the lock of that stripe. */
  final long sentinel(int stripe) {
    long[] all = sentinels;
    return stripe < all.length ? all[stripe] : NONE;
  }

  /** Under the lock of that stripe. */
  final void sentinel(int stripe, long slot) {
    changing.lock();
    try {
      long[] all = sentinels;
      if (stripe >= all.length) {
        int length = all.length;
        all = Arrays.copyOf(all, stripe + 1);
        Arrays.fill(all, length, stripe, NONE);
      }
      all[stripe] = slot;
      sentinels = all;
    } finally {
      changing.unlock();
    }
  }

  /** Under the lock of a stripe: there are more entries than before. */
  final void grew() {
    grown = true;
  }

  /** Whether the entries have become many more, somewhere, since this was asked last; cheap enough to ask each time. */
  public final boolean hasGrown() {
    boolean was = grown;
    if (was) {
      grown = false;
    }
    return was;
  }

  final boolean isSealed() {
    return sealed;
  }

  /** Refuses entries: whoever adds one looks under the lock of a stripe, and whoever seals then takes each of those locks. */
  final void seal() {
    sealed = true;
  }
}
