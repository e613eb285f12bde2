package io.leaksafe.map;

import io.leaksafe.handle.ClosedScopeException;
import org.jspecify.annotations.Nullable;

/** Begins and ends computations: which one has its turn, and whether what it computed still counts. */
final class Computations {
  /*
   * What is being computed stands in a list of the shard, not in the table: so get pays nothing for it, a key without a value
   * takes no room while one is computed, and the entry that is there can be read, evicted and expire meanwhile.
   *
   * A computation counts if it is still in that list when it ends, and the value it began with is still there, or has been
   * evicted or has expired; but then it must not put that very value back, of which a listener has heard that it left. Whoever puts or removes the key takes it out of the list. One who overwrites by CAS does so after
   * that; if the computation ends in between, it finds another value than it began with.
   */

  /** A computation of one's own, or another's to wait for, and the present value. */
  record Begun(
      @Nullable Computation mine,
      @Nullable Computation other,
      @Nullable Object value) {}

  /** What became of a computation. */
  enum Ended {
    PUT,
    OVERTAKEN,
    CLOSED
  }

  private final Store store;

  Computations(Store store) {
    this.store = store;
  }

  /** Begins a computation, unless another one of that key is under way, or a value is there and none is wanted then. */
  Begun begin(Object key, boolean onlyIfAbsent) {
    int hash = Table.spread(key.hashCode());
    Shard shard = store.lock(hash);
    try {
      Cell present = store.livePresent(shard, hash, key);
      Object value = present == null ? null : present.value;
      if (value != null && onlyIfAbsent) {
        return new Begun(null, null, value);
      }
      Computation other = shard.computing(hash, key);
      if (other != null) {
        return new Begun(null, other, null);
      }
      Computation mine = new Computation(store.path, hash, key);
      shard.begin(mine);
      return new Begun(mine, null, present == null ? null : present.value);
    } finally {
      store.unlock(shard);
    }
  }

  /** Ends a computation that threw: nothing changes. */
  void abandon(Computation mine) {
    try {
      Shard shard = store.lock(mine.hash());
      shard.end(mine);
      store.unlock(shard);
    } catch (ClosedScopeException late) {
      // Nothing to end: the close has emptied the list. What the function threw tells its caller
      // more.
    } finally {
      mine.over(store.time, null);
    }
  }

  /** Puts what was computed from the old value, or removes the key if that is null. */
  Ended end(
      Computation mine, Object key, @Nullable Object old, @Nullable Object value, int weight) {
    Ended ended = Ended.CLOSED;
    try {
      ended = value == null
          ? endEmpty(mine, key, old)
          : endWith(mine, newCell(mine, key, value, weight, old == null), old);
    } catch (ClosedScopeException late) {
      if (!store.isClosed()) {
        throw late; // of another scope: the user's rule has met it
      }
    } finally {
      mine.over(store.time, ended == Ended.PUT ? value : null);
    }
    return ended;
  }

  private Ended endEmpty(Computation mine, Object key, @Nullable Object old) {
    Shard shard = store.lock(mine.hash());
    try {
      if (!shard.end(mine)) {
        return Ended.OVERTAKEN;
      }
      Cell present = store.find(mine.hash(), key);
      if (present == null) {
        return Ended.PUT;
      }
      if (old == null || !present.killIf(old)) {
        return Ended.OVERTAKEN;
      }
      store.takenOut(shard, present, old, RemovalCause.REMOVED);
      return Ended.PUT;
    } finally {
      store.unlock(shard);
    }
  }

  private Cell newCell(Computation mine, Object key, Object value, int weight, boolean created) {
    try {
      return store.newCell(mine.hash(), key, value, weight, null, created);
    } catch (Throwable refused) {
      abandon(mine);
      throw refused;
    }
  }

  private Ended endWith(Computation mine, Cell computed, @Nullable Object old) {
    Object value = computed.first();
    for (Cell fresh = computed; ; fresh = fresh.again(value)) {
      Cell present = store.find(fresh.hash, fresh.key);
      Cell spare = old == null ? null : present;
      boolean enters = !store.bound.needsEntrance() || store.needsPlace(present, fresh);
      Ended ended = endEntered(mine, fresh, spare, old, enters);
      if (ended != null) {
        return ended;
      }
    }
  }

  private @Nullable Ended endEntered(
      Computation mine, Cell fresh, @Nullable Cell spare, @Nullable Object old, boolean enters) {
    Removal evicted = null;
    try {
      evicted = enters ? store.bound.enter(fresh, spare) : null;
    } catch (Throwable refused) {
      abandon(mine);
      throw refused;
    }
    try {
      return endLocked(mine, fresh, spare, old, enters);
    } finally {
      store.bound.leave(fresh, spare);
      Removals.tellAll(evicted);
    }
  }

  /** Ends it under the lock; null if it has not ended, since it has not entered and would have to. */
  private @Nullable Ended endLocked(
      Computation mine, Cell fresh, @Nullable Cell spare, @Nullable Object old, boolean entered) {
    long wake = Wheel.NEVER;
    boolean grow = false;
    Shard shard = store.lock(fresh.hash);
    try {
      Cell present = store.find(fresh.hash, fresh.key);
      if (present != null && present.value != old) {
        shard.end(mine);
        return Ended.OVERTAKEN;
      }
      Object value = fresh.first();
      if (present == null && value == old) {
        shard.end(mine);
        return Ended.OVERTAKEN; // it has left, and was told of: it must not come back
      }
      boolean needsPlace = store.needsPlace(present, fresh);
      if (needsPlace && (!entered || spare != null && spare != present)) {
        return null; // what was to be overwritten has left meanwhile
      }
      if (!shard.end(mine)) {
        return Ended.OVERTAKEN;
      }
      if (present == null || old == null) {
        wake = store.linkFresh(shard, fresh);
      } else if (!present.replace(old, value)) {
        return Ended.OVERTAKEN;
      } else {
        wake = store.replaced(shard, present, fresh, spare, old);
      }
      grow = store.wantsToGrow(shard);
    } finally {
      store.unlock(shard, wake);
      if (grow) {
        store.grow();
      }
    }
    return Ended.PUT;
  }
}
