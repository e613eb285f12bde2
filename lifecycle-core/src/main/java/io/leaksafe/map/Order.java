package io.leaksafe.map;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is free of a map's maximum, and its entries in the order in which they came. */
final class Order extends SpinLock {
  /*
   * Invariant. The weights of linked cells, of those that are coming and have what they need, of those that were taken and not
   * yet cut, and what is free, make the maximum.
   *
   * Whoever removes an entry holds the lock of its shard when it gives back here; nobody who holds this one takes another.
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

  /**
   * Gives a cell its place, and takes what one entry weighs if that is free, or else the oldest.
   *
   * @return the cell itself if there was room; the oldest, dead or alive, that is to go for it; or null if there is neither, and
   *     the cell has no place
   */
  @Nullable
  Cell enterOrExchange(Cell cell) {
    lock();
    try {
      Cell oldest = cell;
      if (free > 0) {
        free--;
      } else {
        oldest = queue.poll();
      }
      if (oldest != null) {
        queue.add(cell);
      }
      return oldest;
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

  /** How many cells it has, live or dead. */
  int slots() {
    lock();
    try {
      return queue.slots();
    } finally {
      unlock();
    }
  }

  /** Passes on each cell, live or dead, in order. */
  void forEach(Consumer<Cell> consumer) {
    lock();
    try {
      queue.forEach(consumer);
    } finally {
      unlock();
    }
  }
}
