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
    int hash = spread(key.hashCode());
    for (; ; ) {
      Cell cell = find(hash, key);
      Object old = cell == null ? null : cell.value;
      if (cell != null && old == null) {
        continue; // it has just left
      }
      if (cell != null && onlyIfAbsent && (expiry == null || !expiry.isOverForReader(cell))) {
        mark(cell);
        return old;
      }
      if (cell == null || old == null || !isPlain()) {
        boolean created = cell == null || onlyIfAbsent;
        Cell fresh = newCell(hash, key, value, weight, own, created);
        if (cell == null || old == null || onlyIfAbsent || isOver(cell)) {
          return putNew(fresh, onlyIfAbsent);
        }
        old = overwrite(cell, old, fresh);
      } else {
        old = overwritePlainly(cell, old, value);
      }
      if (old != null) {
        return old;
      }
    }
  }

  /** Whether the time of a cell is over, as far as the coarse time says, which was read anew if a cell has just been made. */
  private boolean isOver(Cell cell) {
    return expiry != null && expiry.isOverForLooker(cell);
  }

  /** Whether a value is all that changes when one is overwritten. */
  private boolean isPlain() {
    return overwritesByCas && expiry == null;
  }

  /** Overwrites a value that was found; null if it has changed. */
  private @Nullable Object overwrite(Cell cell, Object old, Cell fresh) {
    if (needsPlace(cell, fresh)) {
      return supplant(cell, old, fresh);
    }
    if (!overwritesByCas || expiry != null && !Expiry.isMovedOn(cell, fresh)) {
      return overwriteLocked(cell, old, fresh, null);
    }
    Object value = fresh.first();
    if (expiry != null) {
      if (old == value) {
        return overwriteLocked(cell, old, fresh, null);
      }
      Expiry.write(cell, fresh);
    }
    return overwritePlainly(cell, old, value);
  }

  /** Overwrites a value that was found where nothing else changes; null if it has changed. */
  private @Nullable Object overwritePlainly(Cell cell, Object old, Object value) {
    if (!cell.replace(old, value)) {
      return null;
    }
    mark(cell);
    overtake(cell.hash, cell.key);
    return old;
  }

  private @Nullable Object overwriteLocked(
      Cell cell, Object old, Cell fresh, @Nullable Cell spare) {
    long wake = Wheel.NEVER;
    Shard shard = lock(cell.hash);
    try {
      if (cell.value != old || !cell.replace(old, fresh.first())) {
        return null;
      }
      shard.overtake(cell.hash, cell.key);
      wake = replaced(shard, cell, fresh, spare, old);
    } finally {
      unlock(shard, wake);
    }
    return old;
  }

  /** Overwrites a value that was found by putting the new cell in the place of its own; null if it has changed. */
  private @Nullable Object supplant(Cell cell, Object old, Cell fresh) {
    Removal evicted = bound.enter(fresh, cell);
    try {
      return overwriteLocked(cell, old, fresh, cell);
    } finally {
      bound.leave(fresh, cell);
      Removals.tellAll(evicted);
    }
  }

  /** Whether what is put cannot take the place of what is there, if anything is. */
  boolean needsPlace(@Nullable Cell present, Cell fresh) {
    return present == null
        || present.weight() != fresh.weight()
        || fresh instanceof FullCell && !(present instanceof FullCell);
  }

  /** Under the lock, when the cell has its new value: the rest. Returns when to look at its time. */
  long replaced(Shard shard, Cell cell, Cell fresh, @Nullable Cell spare, Object old) {
    if (old != fresh.first()) {
      note(shard, cell.hash, cell.key, old, RemovalCause.REPLACED);
    }
    if (needsPlace(cell, fresh)) {
      return relink(shard, cell, fresh, spare);
    }
    mark(cell);
    if (shard.wheel == null) {
      return Wheel.NEVER;
    }
    Expiry.write(cell, fresh);
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

  /** Puts a value that seems to need its cell. */
  private @Nullable Object putNew(Cell fresh, boolean onlyIfAbsent) {
    Removal evicted = bound.enter(fresh, null);
    try {
      return putEntered(fresh, onlyIfAbsent);
    } finally {
      bound.leave(fresh, null);
      Removals.tellAll(evicted);
    }
  }

  private @Nullable Object putEntered(Cell fresh, boolean onlyIfAbsent) {
    long wake = Wheel.NEVER;
    boolean grow = false;
    Shard shard = lock(fresh.hash);
    try {
      Cell present = livePresent(shard, fresh.hash, fresh.key);
      Object old = present == null ? null : present.value;
      if (present != null && onlyIfAbsent) {
        mark(present);
        return old;
      }
      shard.overtake(fresh.hash, fresh.key);
      if (present == null || old == null) {
        wake = linkFresh(shard, fresh);
      } else {
        old = exchange(present, fresh.first());
        wake = old == null ? Wheel.NEVER : replaced(shard, present, fresh, null, old);
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
    int hash = spread(key.hashCode());
    for (; ; ) {
      Cell cell = find(hash, key);
      if (cell == null) {
        refuseIfClosed();
        return null;
      }
      Object old = cell.value;
      if (old == null) {
        continue;
      }
      if (expected != null && !expected.equals(old)) {
        return null;
      }
      if (isPlain()) {
        old = overwritePlainly(cell, old, value);
      } else {
        Cell fresh = newCell(hash, key, value, weight, null, false);
        if (isOver(cell)) {
          return null;
        }
        old = overwrite(cell, old, fresh);
      }
      if (old != null) {
        return old;
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
    int untold = removals == null ? 0 : removals.untold();
    if (untold != 0) {
      details.put("untold removals", Text.count(untold));
    }
    return details;
  }
}
