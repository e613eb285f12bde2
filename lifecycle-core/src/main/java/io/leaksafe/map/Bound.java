package io.leaksafe.map;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a map from holding more than its maximum, and decides what goes for it.
 *
 * <p>A newcomer first {@link #enter}s, under no lock; then {@link #makeRoom} is called under the lock of its shard, it is linked,
 * and {@link #linked} is called. One that has entered and is not linked {@link #leave}s.
 */
abstract class Bound {

  /** Says whether a value may be evicted, and if so, that it is. */
  interface Pins {
    /** Lets a value go for good; false if it is in use. */
    boolean letGo(Object value);
  }

  final Shards shards;
  final double evictFraction;
  private final @Nullable Pins pins;

  Bound(Shards shards, double evictFraction, @Nullable Pins pins) {
    this.shards = shards;
    this.evictFraction = evictFraction;
    this.pins = pins;
  }

  /**
   * Takes for a newcomer what has to be taken under no lock; returns what has left for that.
   *
   * @param spare the cell whose place and room the newcomer is to get, if that is still there then
   */
  abstract @Nullable Removal enter(Cell fresh, @Nullable Cell spare);

  /** Gives back what a newcomer took that has entered, with that spare cell, and was not linked. */
  abstract void leave(Cell fresh, @Nullable Cell spare);

  /** Under the lock: whether there is room for the newcomer, if need be made by eviction. */
  abstract boolean makeRoom(Shard shard, Cell fresh);

  /** Under the lock: a newcomer was linked. */
  abstract void linked(Shard shard, Cell cell);

  /** Under the lock: an entry has left, for another reason than the bound. */
  abstract void left(Shard shard, Cell cell);

  /** Under the lock: an entry is about to leave for a new one in its place. */
  void supplanted(Shard shard, Cell cell, Cell fresh, @Nullable Cell spare) {
    left(shard, cell);
  }

  /** Whether a newcomer that has not entered cannot be linked. */
  abstract boolean needsEntrance();

  /** Whether reads count for what is evicted. */
  abstract boolean marksReads();

  /** Under all locks: the one shard has been dealt out to these, but for what the bound knows of its entries. */
  abstract void dealt(Shard only, Shard[] parts);

  final boolean isPinned() {
    return pins != null;
  }

  final boolean letsGo(Object value) {
    return pins == null || pins.letGo(value);
  }
}
