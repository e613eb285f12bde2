package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A part of a map that has a lock of its own: for its buckets, its entries' places in policy and wheel, and its share of the
 * bound. Everything here is guarded by that lock, unless it says otherwise.
 */
final class Shard extends SpinLock {

  private static final VarHandle SIZE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(Shard.class, "size", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Which entry goes first; null before the first one, and if the map's order of insertion says so. */
  @Nullable
  ColdestPolicy policy;

  /** When entries expire; null if they do not. */
  final @Nullable Wheel wheel;

  /** How many entries are linked. */
  private int size;

  /** What they weigh. */
  long used;

  /** How much they may weigh; the limits of all shards and what is free make the maximum. */
  long limit;

  /** Set for good once other shards, or none, have taken the place of this one. */
  boolean dead;

  /** What is being computed here, linked. Read without the lock by who overwrites. */
  volatile @Nullable Computation computing;

  /** What has left since the lock was taken, and nobody has been told of. */
  private @Nullable Removal gone;

  private @Nullable Removal lastGone;

  /** How many entries have been evicted for others at once since the lock was taken. */
  private int burst;

  /** Computations that were overtaken since the lock was taken, linked. */
  private @Nullable Computation woken;

  /** How many it has evicted, and at which turn of the map it said so last. */
  int evictions;

  volatile long turn;

  Shard(@Nullable Wheel wheel) {
    this.wheel = wheel;
  }

  void counts(int entries, long weight) {
    SIZE.setOpaque(this, size + entries);
    used += weight;
  }

  /** How many entries are linked. Without the lock, too. */
  int size() {
    return (int) SIZE.getOpaque(this);
  }

  void gone(@Nullable Removal removal) {
    if (removal == null) {
      return;
    }
    if (lastGone == null) {
      gone = removal;
    } else {
      lastGone.next = removal;
    }
    lastGone = removal;
  }

  /** Takes what has left, to tell of it once the lock is free. */
  @Nullable
  Removal takeGone() {
    Removal all = gone;
    if (all != null) {
      gone = null;
      lastGone = null;
    }
    return all;
  }

  void burst(int evicted) {
    burst += evicted;
  }

  /** Takes how many were evicted, to tell of it once the lock is free. */
  int takeBurst() {
    int evicted = burst;
    if (evicted != 0) {
      burst = 0;
    }
    return evicted;
  }

  /** Takes the computations that were overtaken, for those who wait for them to look again once the lock is free. */
  @Nullable
  Computation takeWoken() {
    Computation all = woken;
    if (all != null) {
      woken = null;
    }
    return all;
  }

  // ---- what is being computed

  @Nullable
  Computation computing(int hash, Object key) {
    for (Computation each = computing; each != null; each = each.next) {
      if (each.isFor(hash, key)) {
        return each;
      }
    }
    return null;
  }

  void begin(Computation computation) {
    computation.next = computing;
    computing = computation;
  }

  /** Takes a computation out; false if it has been overtaken, and is out. */
  boolean end(Computation computation) {
    Computation before = null;
    for (Computation each = computing; each != null; before = each, each = each.next) {
      if (each == computation) {
        if (before == null) {
          computing = each.next;
        } else {
          before.next = each.next;
        }
        return true;
      }
    }
    return false;
  }

  /** Everything is being removed. */
  void overtakeAll() {
    for (Computation each = computing; each != null; each = computing) {
      computing = each.next;
      each.next = woken;
      woken = each;
    }
  }

  /** The key has been put or removed: what is being computed for it comes too late. */
  void overtake(int hash, Object key) {
    if (computing != null) {
      Computation overtaken = computing(hash, key);
      if (overtaken != null) {
        end(overtaken);
        overtaken.next = woken;
        woken = overtaken;
      }
    }
  }
}
