package io.leaksafe.map;

import org.jspecify.annotations.Nullable;

/** The bound of a map whose oldest entry goes first: what is free, and all entries in the order in which they came. */
final class Order extends SpinLock {
  /*
   * Shards have locks of their own, but the order is one. So a newcomer first comes here, takes what it needs or the oldest
   * entry in exchange, and gets its place, all in one step; then it cuts the oldest one, under the lock of that one's shard,
   * and then links itself, under its own. No two locks are held at a time.
   *
   * A newcomer that has its place but is not linked is COMING, and cannot be evicted: whoever takes it puts it behind. What it
   * was to be exchanged for may still be there, and would be one too many. A cell that was removed is found dead when it is
   * taken: who removed it has given back what it weighed.
   *
   * Invariant. The weights of linked cells, of cells that are coming, of those taken and not yet cut, and what is free, make
   * the maximum, less what a newcomer still lacks.
   */
  private final CellQueue queue = new CellQueue();
  private long free;

  Order(long maximum) {
    free = maximum;
  }

  /** Takes so much, if it is free, and gives the cell its place. */
  boolean enter(@Nullable Cell cell, long weight) {
    lock();
    try {
      if (free < weight) {
        return false;
      }
      free -= weight;
      if (cell != null) {
        queue.add(cell);
      }
      return true;
    } finally {
      unlock();
    }
  }

  /** Takes the oldest, dead or alive, and gives the cell its place if there is one to go for it; null if there is none. */
  @Nullable
  Cell exchange(@Nullable Cell cell) {
    lock();
    try {
      Cell oldest = queue.poll();
      if (oldest != null && cell != null) {
        queue.add(cell);
      }
      return oldest;
    } finally {
      unlock();
    }
  }

  /** Takes the oldest so many. */
  Cell[] takeOldest(int number) {
    lock();
    try {
      Cell[] oldest = new Cell[Math.min(number, queue.slots())];
      for (int i = 0; i < oldest.length; i++) {
        Cell cell = queue.poll();
        if (cell != null) {
          oldest[i] = cell;
        }
      }
      return oldest;
    } finally {
      unlock();
    }
  }

  /** A cell that was taken has to stay: it comes behind all others. */
  void putBehind(Cell cell) {
    lock();
    queue.add(cell);
    unlock();
  }

  /** A cell that was taken turned out to be dead. */
  void wasDead() {
    lock();
    queue.buried();
    unlock();
  }

  /** Gives back what cells weighed that are no longer linked; so many of them have left their places behind. */
  void giveBack(long weight, int places) {
    lock();
    free += weight;
    for (int i = 0; i < places; i++) {
      queue.died();
    }
    unlock();
  }

  /** How much is free. */
  long free() {
    lock();
    try {
      return free;
    } finally {
      unlock();
    }
  }

  int slots() {
    return queue.slots();
  }
}
