package io.leaksafe.map;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Described;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map: found, put, removed and expired. Knows nothing of views, owners and handles.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
final class Store extends Shards implements Described {
  /*
   * Overwriting is a CAS on the value, unless somebody has to hear of the old one, or the weight may change: then it happens
   * under the lock, too, so that what leaves is noted in order.
   *
   * A deadline is written before the value it is for, and the timer reads them the other way round: value, deadline, then
   * takes away that value by CAS. So it either sees the new deadline or fails. Only if the new value is the same instance as
   * the old one would that CAS not notice, and so that goes under the lock. Proof: jcstress PutAgainstExpiry.
   */
  private static final int PORTION = 256;

  /** What a map is told to do. */
  record Settings(
      long maximum,
      boolean weighted,
      Eviction eviction,
      double evictFraction,
      Bound.@Nullable Pins pins) {}

  private final boolean overwritesByCas;

  Store(
      Supplier<String> path,
      TimeSource time,
      Settings settings,
      @Nullable Expiry expiry,
      @Nullable Removals removals,
      @Nullable Counters counters) {
    super(path, time, settings, expiry, removals, counters);
    overwritesByCas = removals == null && !weighted && settings.pins == null;
    if (expiry != null) {
      expiry.looksBy(this::lookAtAll);
    }
  }

  // ---- reading

  /** The value of a key; null if there is none. */
  @Nullable
  Object read(Object key) {
    int hash = spread(key.hashCode());
    @Nullable Cell[] now = cells;
    Cell last = null;
    for (Cell cell = first(now, hash); cell != null; cell = cell.next) {
      if (cell.hash == hash && (cell.key == key || key.equals(cell.key))) {
        Object value = cell.value;
        if (value != null && (expiry == null || !expiry.isOverForReader(cell))) {
          mark(cell);
          return value;
        }
      }
      last = cell;
    }
    return isMissing(now, last) && !hasCrowds() && !isClosed() ? null : readAgain(hash, key);
  }

  private @Nullable Object readAgain(int hash, Object key) {
    for (; ; ) {
      Cell cell = find(hash, key);
      if (cell == null) {
        refuseIfClosed();
        return null;
      }
      Object value = cell.value;
      if (value != null) {
        mark(cell);
        return expiry != null && expiry.isOverForReader(cell) ? null : value;
      }
    }
  }

  /** As {@link #read}, but does not count as one. */
  @Nullable
  Object look(Object key) {
    int hash = spread(key.hashCode());
    for (; ; ) {
      Cell cell = find(hash, key);
      if (cell == null) {
        refuseIfClosed();
        return null;
      }
      Object value = cell.value;
      if (value != null) {
        return expiry != null && expiry.isOverForLooker(cell) ? null : value;
      }
    }
  }

  private static void mark(Cell cell) {
    if (cell.freq < Cell.MOST_READ) {
      cell.freq++;
    }
  }

  int size() {
    long size = entries();
    refuseIfClosed();
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  // ---- putting

  /** Puts a value; returns the one that was there. */
  @Nullable
  Object put(Object key, Object value, boolean onlyIfAbsent, @Nullable Duration own, int weight) {
    return expiry == null && overwritesByCas
        ? putPlainly(key, value, onlyIfAbsent)
        : put(new Put(key, value, onlyIfAbsent, own, weight));
  }

  private @Nullable Object putPlainly(Object key, Object value, boolean onlyIfAbsent) {
    int hash = spread(key.hashCode());
    for (Cell cell = find(hash, key); cell != null; cell = find(hash, key)) {
      Object old = cell.value;
      if (old != null) {
        if (onlyIfAbsent) {
          mark(cell);
          return old;
        }
        if (cell.replace(old, value)) {
          mark(cell);
          overtake(hash, key);
          return old;
        }
      }
    }
    return putNew(new Put(key, value, onlyIfAbsent, null, 1));
  }

  private @Nullable Object put(Put put) {
    for (; ; ) {
      Cell cell = find(put.hash, put.key);
      Object old = cell == null ? null : cell.value;
      if (cell != null && old == null) {
        continue;
      }
      if (cell != null && put.onlyIfAbsent && (expiry == null || !expiry.isOverForReader(cell))) {
        mark(cell);
        return old;
      }
      time(put, cell == null || put.onlyIfAbsent);
      if (cell == null || old == null || isOver(cell, put)) {
        return putNew(put);
      }
      Object replaced = overwrite(cell, old, put);
      if (replaced != null) {
        return replaced;
      }
    }
  }

  private void time(Put put, boolean created) {
    if (expiry != null) {
      put.time(expiry, created);
    }
  }

  private boolean isOver(Cell cell, Put put) {
    return expiry != null && Expiry.isOver(cell, put.now);
  }

  /** Overwrites a value that was found; null if it has changed. */
  private @Nullable Object overwrite(Cell cell, Object old, Put put) {
    if (needsPlace(cell, put)) {
      return supplant(cell, old, put);
    }
    if (!isPlain(cell, old, put)) {
      return overwriteLocked(cell, old, put);
    }
    if (expiry != null) {
      expiry.write(cell, put.now, put.limit);
    }
    if (!cell.replace(old, put.value)) {
      return null;
    }
    mark(cell);
    overtake(put.hash, put.key);
    return old;
  }

  private boolean isPlain(Cell cell, Object old, Put put) {
    return overwritesByCas
        && (expiry == null || old != put.value && expiry.isPlain(cell, put.now, put.limit));
  }

  private @Nullable Object overwriteLocked(Cell cell, Object old, Put put) {
    long wake = Wheel.NEVER;
    Shard shard = lock(put.hash);
    try {
      if (cell.value != old || !cell.replace(old, put.value)) {
        return null;
      }
      shard.overtake(put.hash, put.key);
      wake = replaced(shard, cell, put, old);
    } finally {
      unlock(shard, wake);
    }
    return old;
  }

  /** Overwrites a value that was found by putting a new cell in the place of its own; null if it has changed. */
  private @Nullable Object supplant(Cell cell, Object old, Put put) {
    put.spare = cell;
    Removal evicted = bound.enter(put);
    try {
      return overwriteLocked(cell, old, put);
    } finally {
      bound.leave(put);
      put.spare = null;
      Removals.tellAll(evicted);
    }
  }

  /** Whether what is put cannot take the place of what is there, if anything is. */
  boolean needsPlace(@Nullable Cell present, Put put) {
    return present == null
        || present.weight() != put.weight
        || expiry != null && !expiry.fits(present, put.limit);
  }

  /** Under the lock, when the cell has its new value: the rest. Returns when to look at its time. */
  long replaced(Shard shard, Cell cell, Put put, Object old) {
    if (old != put.value) {
      note(shard, put.hash, cell.key, old, RemovalCause.REPLACED);
    }
    if (needsPlace(cell, put)) {
      return relink(shard, cell, put);
    }
    mark(cell);
    if (expiry == null || shard.wheel == null) {
      return Wheel.NEVER;
    }
    expiry.write(cell, put.now, put.limit);
    return shard.wheel.moved((TimedCell) cell);
  }

  /** Has computations of a key that was overwritten without the lock know of it. */
  private void overtake(int hash, Object key) {
    if (of(hash).computing != null) {
      Shard shard = lock(hash);
      try {
        shard.overtake(hash, key);
      } finally {
        unlock(shard);
      }
    }
  }

  /** Puts a value that seems to need a cell of its own. */
  private @Nullable Object putNew(Put put) {
    Removal evicted = bound.enter(put);
    try {
      return putEntered(put);
    } finally {
      bound.leave(put);
      Removals.tellAll(evicted);
    }
  }

  private @Nullable Object putEntered(Put put) {
    long wake = Wheel.NEVER;
    boolean grow = false;
    Shard shard = lock(put.hash);
    try {
      Cell present = livePresent(shard, put.hash, put.key);
      Object old = present == null ? null : present.value;
      if (present != null && put.onlyIfAbsent) {
        mark(present);
        return old;
      }
      shard.overtake(put.hash, put.key);
      if (present == null || old == null) {
        wake = linkFresh(shard, put);
      } else {
        old = exchange(present, put.value);
        wake = old == null ? Wheel.NEVER : replaced(shard, present, put, old);
      }
      grow = wantsToGrow(shard);
      return old;
    } finally {
      unlock(shard, wake);
      if (grow) {
        grow();
      }
    }
  }

  /** Under the lock, where a value does not become null: exchanges it, though others may overwrite by CAS. */
  private static @Nullable Object exchange(Cell cell, Object value) {
    for (; ; ) {
      Object old = cell.value;
      if (old == null || cell.replace(old, value)) {
        return old;
      }
    }
  }

  /** Under the lock: the live cell of the key; one whose time is over leaves. */
  @Nullable
  Cell livePresent(Shard shard, int hash, Object key) {
    Cell present = find(hash, key);
    if (present == null || expiry == null) {
      return present;
    }
    return expire(shard, (TimedCell) present, expiry.now()) ? null : present;
  }

  // ---- replacing and removing

  /** Replaces a value that is equal to the expected one, or any if that is null; returns the one that was there. */
  @Nullable
  Object replace(Object key, @Nullable Object expected, Object value, int weight) {
    Put put = new Put(key, value, false, null, weight);
    for (; ; ) {
      Cell cell = find(put.hash, key);
      if (cell == null) {
        refuseIfClosed();
        return null;
      }
      Object old = cell.value;
      if (old == null) {
        continue;
      }
      time(put, false);
      if (isOver(cell, put) || expected != null && !expected.equals(old)) {
        return null;
      }
      Object replaced = overwrite(cell, old, put);
      if (replaced != null) {
        return replaced;
      }
    }
  }

  /** Removes a key; returns its value. */
  @Nullable
  Object remove(Object key) {
    int hash = spread(key.hashCode());
    Shard shard = lock(hash);
    try {
      Cell present = livePresent(shard, hash, key);
      Object value = present == null ? null : takeOut(shard, present, RemovalCause.REMOVED);
      shard.overtake(hash, key);
      return value;
    } finally {
      unlock(shard);
    }
  }

  /** Removes a key if its value is equal to the expected one, which is asked under no lock; returns whether it did. */
  boolean remove(Object key, Object expected) {
    int hash = spread(key.hashCode());
    for (; ; ) {
      Cell cell = find(hash, key);
      if (cell == null) {
        refuseIfClosed();
        return false;
      }
      Object value = cell.value;
      if (value != null) {
        if (!expected.equals(value)) {
          return false;
        }
        Boolean removed = removeFound(cell, value);
        if (removed != null) {
          return removed;
        }
      }
    }
  }

  /** Removes what was found; null if it has changed. */
  private @Nullable Boolean removeFound(Cell cell, Object value) {
    Shard shard = lock(cell.hash);
    try {
      if (livePresent(shard, cell.hash, cell.key) == null) {
        return false;
      }
      if (!cell.killIf(value)) {
        return null;
      }
      takenOut(shard, cell, value, RemovalCause.REMOVED);
      shard.overtake(cell.hash, cell.key);
      return true;
    } finally {
      unlock(shard);
    }
  }

  /** Removes everything. */
  void clear() {
    for (Shard shard : all()) {
      shard.lock();
      if (shard.dead) { // it has been split
        shard.unlock();
        refuseIfClosed();
        clear();
        return;
      }
      try {
        shard.overtakeAll();
        for (Cell cell : linkedIn(shard)) {
          takeOut(shard, cell, RemovalCause.REMOVED);
        }
      } finally {
        unlock(shard);
      }
    }
    refuseIfClosed();
  }

  // ---- expiry

  /** On the timer thread: takes out portions of what is due; returns when to look again. */
  long lookAtAll(long now) {
    long next = Wheel.NEVER;
    boolean empty = true;
    for (Shard shard : all()) {
      if (shard.wheel != null) {
        next = Math.min(next, lookAt(shard, shard.wheel, now));
      }
      empty &= shard.size() == 0;
    }
    return expiry == null ? Wheel.NEVER : expiry.nextLook(now, next, empty);
  }

  private long lookAt(Shard shard, Wheel wheel, long now) {
    long next = Wheel.NEVER;
    Removal gone;
    shard.lock();
    try {
      if (!shard.dead) {
        wheel.advance(now, PORTION, cell -> expire(shard, cell, now));
        next = wheel.next();
      }
    } finally {
      gone = shard.takeGone();
      shard.unlock();
    }
    if (removals != null) {
      removals.handOver(gone);
    }
    return next;
  }

  /** Under the lock: takes a cell out if its time is over; false if it is not. */
  private boolean expire(Shard shard, TimedCell cell, long now) {
    for (; ; ) {
      Object value = cell.value;
      if (cell.deadline > now) {
        return false;
      }
      if (value == null) {
        return true;
      }
      if (cell.killIf(value)) {
        takenOut(shard, cell, value, RemovalCause.EXPIRED);
        return true;
      }
    }
  }

  // ---- what others say of it

  /** Tells of a value that was computed and did not get in. */
  void discard(Object key, Object value, RemovalCause cause) {
    if (removals != null) {
      Removals.tellAll(removals.note(spread(key.hashCode()), key, value, cause));
    }
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    if (weighted) {
      details.put("weight", Text.count(weight()) + " of " + Text.count(maximum));
      details.put("entries", Text.count(entries()));
    } else {
      details.put("entries", Text.count(entries()) + " of " + Text.count(maximum));
    }
    return details;
  }
}
