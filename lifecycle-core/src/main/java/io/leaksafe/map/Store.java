package io.leaksafe.map;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map: found, put, removed, evicted and expired. Knows nothing of views, owners and handles.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
final class Store extends Table {
  /*
   * Shards. 64 neighbouring buckets belong to one shard, whose lock guards them together with the places of their cells in
   * policy and wheel. Reading looks at no shard. Overwriting is a CAS on the value, unless somebody has to hear of the old one
   * or the weight may change: then it happens under the lock, too, so that what leaves is noted in order.
   *
   * The bound. COLDEST: the limits of all shards and the free budget make the maximum; a shard takes what is free, and when
   * nothing is, evicts one of its own before it links the newcomer. OLDEST: the order is one for all shards (Order); the
   * newcomer takes its place there first, and what it is exchanged for is cut before it is linked. Either way an entry that is
   * linked has been paid for, so there are never more than the maximum.
   *
   * A map starts with one shard. When its table is long enough for all, the shard is split, under its lock: cells are dealt out
   * in their order, and the old shard is marked dead, which whoever takes its lock looks at.
   *
   * What leaves is noted in the shard under its lock; whoever unlocks takes the notes and tells of them then.
   *
   * Closing marks all shards dead and drops the table, so that every lookup misses and every lock is refused; only those two
   * then look whether the map is closed.
   */
  private static final int BUCKETS_PER_SHARD_SHIFT = 6;
  private static final int LEAST_LIMIT = 4;
  private static final int LEAST_SHARE = 512;
  private static final int TURN = 64;
  private static final int MOVED_AT_ONCE = 16;
  private static final int PORTION = 256;

  /** What a map may be told to do, beside its bound. */
  record Settings(
      boolean weighted,
      double evictFraction,
      Eviction eviction,
      @Nullable Pins pins) {}

  /** Says whether a value may be evicted, and if so, that it is. */
  interface Pins {
    /** Lets a value go for good; false if it is in use. */
    boolean letGo(Object value);
  }

  final Supplier<String> path;
  final TimeSource time;
  final long maximum;
  final @Nullable Expiry expiry;
  final @Nullable Counters counters;
  private final boolean weighted;
  private final @Nullable Pins pins;
  private final @Nullable Removals removals;
  private final long evictAtOnce;
  private final double evictFraction;
  private final boolean marksReads;
  private final boolean casOverwrites;
  private final int shardsWanted;
  private final int fairShare;
  private final @Nullable Order order;
  final ReentrantLock evicting = new ReentrantLock();
  private final Budget budget = new Budget();
  private final WindowShare share;
  private volatile Shard[] shards;
  private long turn;
  private volatile boolean closed;

  Store(
      Supplier<String> path,
      TimeSource time,
      long maximum,
      Settings settings,
      @Nullable Expiry expiry,
      @Nullable Removals removals,
      @Nullable Counters counters) {
    this.path = path;
    this.time = time;
    this.maximum = maximum;
    this.expiry = expiry;
    this.removals = removals;
    this.counters = counters;
    this.weighted = settings.weighted;
    this.pins = settings.pins;
    this.evictFraction = settings.evictFraction;
    this.evictAtOnce = Math.max(1, (long) (settings.evictFraction * maximum));
    this.marksReads = settings.eviction == Eviction.COLDEST;
    this.casOverwrites = removals == null && !weighted && pins == null;
    this.order = marksReads ? null : new Order(maximum);
    this.share = new WindowShare(maximum);
    boolean one = marksReads && (weighted || pins != null);
    this.shardsWanted = one ? 1 : shardsFor(maximum);
    // By weight nobody knows how many fit in: the sketch is made at the first eviction then.
    this.fairShare = weighted ? Integer.MAX_VALUE : (int) Math.min(maximum / shardsWanted, 1 << 28);
    Shard first = newShard();
    first.limit = maximum;
    this.shards = new Shard[] {first};
    if (expiry != null) {
      expiry.looksBy(this::look);
    }
  }

  private static int shardsFor(long maximum) {
    int cores = Runtime.getRuntime().availableProcessors();
    int most = Integer.highestOneBit(8 * cores * 2 - 1);
    return (int) Math.max(1, Math.min(most, Long.highestOneBit(maximum / LEAST_SHARE)));
  }

  private Shard newShard() {
    return new Shard(
        marksReads ? new ColdestPolicy(share) : null,
        expiry == null ? null : new Wheel(expiry.now()));
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
          if (cell.freq < Cell.MOST_READ) {
            cell.freq++;
          }
          return value;
        }
      }
      last = cell;
    }
    return isMissing(now, last) && !closed ? null : readAgain(hash, key);
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

  int size() {
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    refuseIfClosed();
    // Summed while others write it may count one twice that went from one shard for one that came
    // to another.
    return (int) Math.min(size, Math.min(maximum, Integer.MAX_VALUE));
  }

  boolean isClosed() {
    return closed;
  }

  private void refuseIfClosed() {
    if (closed) {
      throw closedException();
    }
  }

  ClosedScopeException closedException() {
    return new ClosedScopeException(
        "Map '" + path.get()
            + "' is closed, with its owner. Use it before that, or give it an owner that lives longer.");
  }

  // ---- locks

  private Shard shardOf(int hash) {
    Shard[] now = shards;
    return now[hash >>> BUCKETS_PER_SHARD_SHIFT & now.length - 1];
  }

  private Shard lock(int hash) {
    for (; ; ) {
      Shard shard = shardOf(hash);
      shard.lock();
      if (!shard.dead) {
        return shard;
      }
      shard.unlock();
      refuseIfClosed();
      Thread.onSpinWait();
    }
  }

  private void unlock(Shard shard) {
    unlock(shard, Wheel.NEVER);
  }

  /** Unlocks, and then wakes and tells whoever has to know; the listener last, since it may take long. */
  private void unlock(Shard shard, long wake) {
    Computation overtaken = shard.takeWoken();
    Removal gone = shard.takeGone();
    shard.unlock();
    if (expiry != null && wake != Wheel.NEVER) {
      expiry.lookAt(wake);
    }
    if (overtaken != null) {
      Computation.wakeAll(overtaken, time);
    }
    if (gone != null) {
      Removals.tellAll(gone);
    }
  }

  /** As {@link #unlock}, but tells later: while a newcomer is coming, no foreign code may run. */
  private @Nullable Removal unlockQuietly(Shard shard) {
    Removal gone = shard.takeGone();
    shard.unlock();
    return gone;
  }

  // ---- putting

  /** What is put, and what becomes of it. */
  private static final class Put {
    final int hash;
    final Object key;
    final Object value;
    final boolean onlyIfAbsent;
    final @Nullable Duration own;
    final int weight;
    long now;
    long limit = Wheel.NEVER;

    @Nullable
    Cell fresh;

    Put(Object key, Object value, boolean onlyIfAbsent, @Nullable Duration own, int weight) {
      this.hash = spread(key.hashCode());
      this.key = key;
      this.value = value;
      this.onlyIfAbsent = onlyIfAbsent;
      this.own = own;
      this.weight = weight;
    }

    void time(Expiry times, boolean created) {
      now = times.now();
      limit = times.limit(
          key, value, now, own, created ? ExpiryRule.Event.CREATED : ExpiryRule.Event.UPDATED);
    }
  }

  /** Puts a value; returns the one that was there. */
  @Nullable
  Object put(Object key, Object value, boolean onlyIfAbsent, @Nullable Duration own, int weight) {
    return expiry == null && casOverwrites
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
    return putLocked(new Put(key, value, onlyIfAbsent, null, 1), false);
  }

  private @Nullable Object put(Put put) {
    for (; ; ) {
      Cell cell = find(put.hash, put.key);
      Object old = cell == null ? null : cell.value;
      if (cell != null && old == null) {
        continue;
      }
      if (expiry != null && !(old != null && put.onlyIfAbsent)) {
        put.time(expiry, cell == null);
      }
      if (cell == null || old == null) {
        return putLocked(put, cell != null);
      }
      if (put.onlyIfAbsent) {
        if (expiry == null || !expiry.isOverForReader(cell)) {
          mark(cell);
          return old;
        }
        put.time(expiry, true);
        return putLocked(put, cell != null);
      }
      if (!overwritesByCas(cell, old, put)) {
        return putLocked(put, cell != null);
      }
      if (expiry != null) {
        expiry.write(cell, put.now, put.limit);
      }
      if (cell.replace(old, put.value)) {
        mark(cell);
        overtake(put.hash, put.key);
        return old;
      }
    }
  }

  /*
   * The deadline is written before the value, and the timer reads them the other way round: value, deadline, then takes away
   * that value by CAS. So it either sees the new deadline or fails. Only if the new value is the same instance as the old one
   * would that CAS not notice, and so that goes under the lock. Proof: jcstress PutAgainstExpiry.
   */
  private boolean overwritesByCas(Cell cell, Object old, Put put) {
    return casOverwrites
        && (expiry == null
            || old != put.value
                && !Expiry.isOver(cell, put.now)
                && expiry.isPlain(cell, put.now, put.limit));
  }

  private void mark(Cell cell) {
    if (cell.freq < Cell.MOST_READ) {
      cell.freq++;
    }
  }

  /** Has computations of a key that was overwritten without the lock know of it. */
  private void overtake(int hash, Object key) {
    if (shardOf(hash).computing != null) {
      Shard shard = lock(hash);
      try {
        shard.overtake(hash, key);
      } finally {
        unlock(shard);
      }
    }
  }

  /** Puts under the lock; the key seemed to be there, or not. */
  private @Nullable Object putLocked(Put put, boolean seemsPresent) {
    if (seemsPresent && !put.onlyIfAbsent) {
      Object old = overwritePresent(put);
      if (old != null) {
        return old;
      }
    }
    Removal evicted = null;
    if (order != null) {
      evicted = enter(order, put);
    } else {
      put.fresh = newCell(put);
    }
    try {
      return putEntered(put);
    } finally {
      leaveIfNotLinked(put);
      Removals.tellAll(evicted);
    }
  }

  /** Overwrites a value where that needs no new place; null if it does. */
  private @Nullable Object overwritePresent(Put put) {
    long wake = Wheel.NEVER;
    Shard shard = lock(put.hash);
    try {
      Cell present = livePresent(shard, put);
      if (needsPlace(present, put) || present == null) {
        return null;
      }
      shard.overtake(put.hash, put.key);
      Object old = overwrite(shard, present, put);
      wake = place(shard, present);
      return old;
    } finally {
      unlock(shard, wake);
    }
  }

  private boolean needsPlace(@Nullable Cell present, Put put) {
    return present == null
        || present.weight() != put.weight
        || expiry != null && !expiry.fits(present, put.limit);
  }

  private @Nullable Object putEntered(Put put) {
    long wake = Wheel.NEVER;
    Object old = null;
    boolean grow;
    Shard shard = lock(put.hash);
    try {
      Cell present = livePresent(shard, put);
      if (present != null && put.onlyIfAbsent) {
        mark(present);
        return present.value;
      }
      shard.overtake(put.hash, put.key);
      if (present == null) {
        wake = linkFresh(shard, put);
      } else if (needsPlace(present, put)) {
        old = present.value;
        wake = supplant(shard, present, put);
      } else {
        old = overwrite(shard, present, put);
        wake = place(shard, present);
      }
      grow = wantsToGrow(shard);
    } finally {
      unlock(shard, wake);
    }
    if (grow) {
      grow();
    }
    return old;
  }

  /** Under the lock: the live cell of the key, if its time is not over; else that leaves. */
  private @Nullable Cell livePresent(Shard shard, Put put) {
    Cell present = find(put.hash, put.key);
    if (present != null && expiry != null && Expiry.isOver(present, put.now)) {
      takeOut(shard, present, RemovalCause.EXPIRED);
      return null;
    }
    return present;
  }

  /** Under the lock: puts the value in the place of another, which it returns. */
  private @Nullable Object overwrite(Shard shard, Cell present, Put put) {
    if (expiry != null) {
      expiry.write(present, put.now, put.limit);
    }
    Object old = exchange(present, put.value);
    overwritten(shard, present, put, old);
    return old;
  }

  private void overwritten(Shard shard, Cell present, Put put, @Nullable Object old) {
    if (old != null && old != put.value) {
      note(shard, present, old, RemovalCause.REPLACED);
    }
    mark(present);
  }

  /** Under the lock: puts a new cell in the place of one that has no room for what the new value needs. */
  private long supplant(Shard shard, Cell present, Put put) {
    Cell fresh = put.fresh;
    if (fresh != null) {
      fresh.freq = (byte) Math.max(present.freq, fresh.freq);
    }
    takeOut(shard, present, present.value == put.value ? null : RemovalCause.REPLACED);
    return linkFresh(shard, put);
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

  private long place(Shard shard, Cell cell) {
    return shard.wheel == null ? Wheel.NEVER : shard.wheel.placeAgain((TimedCell) cell);
  }

  private Cell newCell(Put put) {
    Cell fresh;
    if (expiry != null) {
      fresh = expiry.cell(put.hash, put.key, put.value, put.now, put.limit, put.weight, weighted);
    } else if (weighted) {
      fresh = new FullCell(put.hash, put.key, put.value, Wheel.NEVER, Wheel.NEVER, put.weight);
    } else {
      fresh = new Cell(put.hash, put.key, put.value);
    }
    if (!marksReads) {
      fresh.freq = Cell.MOST_READ; // so that readers never write
    }
    return fresh;
  }

  /** Under the lock: makes room for the new cell and links it. What does not fit at all leaves at once. */
  private long linkFresh(Shard shard, Put put) {
    Cell fresh = put.fresh;
    if (fresh == null || order == null && !makeRoom(shard, put.weight)) {
      note(shard, put.hash, put.key, put.value, RemovalCause.EVICTED);
      countEviction();
      return Wheel.NEVER;
    }
    put.fresh = null;
    if (shard.policy != null) {
      shard.policy.add(fresh);
    } else {
      fresh.queue = Cell.IN_ORDER;
    }
    shard.counts(1, put.weight);
    link(fresh);
    if (shard.policy != null) {
      settle(shard, shard.policy);
    }
    return shard.wheel == null ? Wheel.NEVER : shard.wheel.place((TimedCell) fresh);
  }

  private void settle(Shard shard, ColdestPolicy policy) {
    if (shard.used < shard.limit || budget.free() > 0) {
      policy.settle(shard.limit);
    }
    if (!policy.hasSketch() && shard.size() >= fairShare >> 1) {
      policy.expect(fairShare);
    }
  }

  // ---- the bound, COLDEST

  /** Under the lock: takes budget, or evicts; false if nothing helps. */
  private boolean makeRoom(Shard shard, long weight) {
    if (weight > maximum) {
      return false;
    }
    boolean evicted = false;
    while (shard.used + weight > shard.limit) {
      long got = budget.take(shards.length, shard.used);
      shard.limit += got;
      if (got == 0) {
        if (!evictColdest(shard)) {
          return false;
        }
        evicted = true;
        if (shards.length > 1 && ++shard.evictions % TURN == 0) {
          rebalance(shard);
        }
      }
    }
    if (evicted && evictFraction > 0) {
      long floor = shard.limit - Math.max(1, (long) (evictFraction * shard.limit));
      while (shard.used > floor && evictColdest(shard)) {
        // one more goes
      }
    }
    return true;
  }

  private boolean evictColdest(Shard shard) {
    ColdestPolicy policy = shard.policy;
    if (policy == null) {
      return false;
    }
    for (int left = 2 * shard.size(); left >= 0; left--) {
      Cell victim = policy.evict(shard.limit);
      if (victim == null) {
        return false;
      }
      Object value = victim.value;
      if (pins == null || value == null || pins.letGo(value)) {
        evict(shard, victim);
        return true;
      }
      policy.keep(victim);
    }
    throw allInUse();
  }

  /** Under the lock: takes out a cell that stands in no queue of the policy any more. */
  private void evict(Shard shard, Cell victim) {
    countEviction();
    if (removals == null) {
      victim.killQuietly();
    } else {
      Object value = victim.kill();
      if (value != null) {
        note(shard, victim, value, RemovalCause.EVICTED);
      }
    }
    unlink(shard, victim);
  }

  private void countEviction() {
    if (counters != null) {
      counters.evictions.increment();
    }
  }

  /** Under the lock, when a cell has lost its value and its place in the policy: takes it out of the rest. */
  private void unlink(Shard shard, Cell cell) {
    cut(cell);
    shard.counts(-1, -cell.weight());
    if (shard.wheel != null) {
      shard.wheel.leave(cell);
    }
  }

  /**
   * Under the lock of a shard that evicts: takes some of the limit of another one, that evicts at less than a quarter of the
   * mean rate. One that does not evict at all has more than its keys need.
   */
  private void rebalance(Shard shard) {
    Shard[] all = shards;
    long now = ++turn; // racy: a turn that is lost makes no difference
    shard.turn = now;
    Shard other = all[(int) (now % all.length)];
    if (other != shard && now - other.turn > 4L * all.length && other.tryLock()) {
      Removal gone = null;
      try {
        if (!other.dead) {
          lower(other);
          gone = other.takeGone();
        }
      } finally {
        other.unlock();
      }
      shard.gone(gone);
    }
  }

  private void lower(Shard shard) {
    long lowered = Math.max(LEAST_LIMIT, shard.limit - MOVED_AT_ONCE);
    long given = shard.limit - lowered;
    if (given > 0) {
      shard.limit = lowered;
      while (shard.used > lowered && evictColdest(shard)) {
        // one more goes
      }
      budget.give(given);
    }
  }

  // ---- the bound, OLDEST

  /** Gives a newcomer its place, for which the oldest go; returns what has left, to be told of later. */
  private @Nullable Removal enter(Order entrance, Put put) {
    long missing = put.weight;
    if (missing > maximum) {
      return null;
    }
    Cell fresh = newCell(put);
    fresh.queue = Cell.COMING;
    put.fresh = fresh;
    if (entrance.enter(fresh, missing)) {
      return null;
    }
    return OldestEviction.makeRoom(this, entrance, fresh, missing);
  }

  /** A newcomer that has a place and was not linked gives it back. */
  private void leaveIfNotLinked(Put put) {
    Cell fresh = put.fresh;
    if (order != null && fresh != null) {
      fresh.killQuietly();
      order.giveBack(put.weight, 1);
    }
  }

  /** How much goes at once when the map is full. */
  long evictAtOnce() {
    return evictFraction == 0 ? 0 : evictAtOnce;
  }

  /**
   * Cuts what was taken out of the order; under no lock.
   *
   * @return what became of it, and of whom to tell
   */
  OldestEviction.Cut cutOldest(Cell victim) {
    Shard shard = lock(victim.hash);
    OldestEviction.Cut cut;
    try {
      Object value = victim.value;
      if (value == null) {
        cut = OldestEviction.Cut.WAS_DEAD;
      } else if (victim.queue == Cell.COMING || pins != null && !pins.letGo(value)) {
        cut = OldestEviction.Cut.STAYS;
      } else {
        victim.queue = Cell.NOWHERE;
        evict(shard, victim);
        cut = OldestEviction.Cut.DONE;
      }
    } catch (Throwable failure) {
      shard.unlock();
      throw failure;
    }
    Removal gone = unlockQuietly(shard);
    return gone == null ? cut : cut.with(gone);
  }

  boolean isPinned() {
    return pins != null;
  }

  IllegalStateException allInUse() {
    return new IllegalStateException("Map '" + path.get() + "' is full, and all of its "
        + Text.count(size())
        + " entries are in use; nothing was put. End a lease first, or raise the maximum of "
        + Text.count(maximum) + ".");
  }

  // ---- removing

  /** Removes a key; returns its value. With an expected value, only if that is equal. */
  @Nullable
  Object remove(Object key, @Nullable Object expected) {
    int hash = spread(key.hashCode());
    Shard shard = lock(hash);
    Object value = null;
    try {
      Cell present = find(hash, key);
      if (present != null && expiry != null && Expiry.isOver(present, expiry.now())) {
        takeOut(shard, present, RemovalCause.EXPIRED);
        present = null;
      }
      if (present == null) {
        if (expected == null) {
          shard.overtake(hash, key);
        }
        return null;
      }
      value = takeOutIf(shard, present, expected);
      if (value != null) {
        shard.overtake(hash, key);
      }
    } finally {
      unlock(shard);
    }
    return value;
  }

  private @Nullable Object takeOutIf(Shard shard, Cell present, @Nullable Object expected) {
    if (expected == null) {
      return takeOut(shard, present, RemovalCause.REMOVED);
    }
    for (; ; ) {
      Object value = present.value;
      if (value == null || value != expected && !expected.equals(value)) {
        return null;
      }
      if (present.killIf(value)) {
        return takenOut(shard, present, value, RemovalCause.REMOVED);
      }
    }
  }

  /** Under the lock: takes a live cell out of everything. Without a cause, nobody is told. */
  private @Nullable Object takeOut(Shard shard, Cell cell, @Nullable RemovalCause cause) {
    Object value = cell.kill();
    return value == null ? null : takenOut(shard, cell, value, cause);
  }

  private Object takenOut(Shard shard, Cell cell, Object value, @Nullable RemovalCause cause) {
    if (shard.policy != null) {
      shard.policy.removed(cell);
    }
    cell.queue = Cell.NOWHERE;
    unlink(shard, cell);
    if (order != null) {
      order.giveBack(cell.weight(), 1);
    } else if (shards.length > 1 && shard.limit > LEAST_LIMIT) {
      shard.limit--;
      budget.give(1);
    }
    if (cause != null) {
      note(shard, cell, value, cause);
    }
    return value;
  }

  private void note(Shard shard, Cell cell, Object value, RemovalCause cause) {
    note(shard, cell.hash, cell.key, value, cause);
  }

  private void note(Shard shard, int hash, Object key, Object value, RemovalCause cause) {
    if (removals != null) {
      shard.gone(removals.note(hash, key, value, cause));
    }
    if (counters != null && cause == RemovalCause.EXPIRED) {
      counters.expirations.increment();
    }
  }

  /** Replaces a value that is equal to the expected one, or any if that is null; returns the one that was there. */
  @Nullable
  Object replace(Object key, @Nullable Object expected, Object value, int weight) {
    Put put = new Put(key, value, false, null, weight);
    for (; ; ) {
      Cell cell = find(put.hash, key);
      Object old = cell == null ? null : cell.value;
      if (cell == null) {
        refuseIfClosed();
        return null;
      }
      if (old == null) {
        continue;
      }
      if (expiry != null) {
        if (Expiry.isOver(cell, expiry.now())) {
          return null;
        }
        put.time(expiry, false);
      }
      if (expected != null && old != expected && !expected.equals(old)) {
        return null;
      }
      if (!overwritesByCas(cell, old, put)) {
        Object replaced = replaceLocked(cell, old, put);
        if (replaced != null) {
          return replaced;
        }
      } else {
        if (expiry != null) {
          expiry.write(cell, put.now, put.limit);
        }
        if (cell.replace(old, value)) {
          mark(cell);
          overtake(put.hash, key);
          return old;
        }
      }
    }
  }

  /** Replaces the value of a cell that was found with the given one; null if it has changed meanwhile. */
  private @Nullable Object replaceLocked(Cell cell, Object old, Put put) {
    Removal evicted = null;
    if (needsPlace(cell, put)) {
      if (order != null) {
        evicted = enter(order, put);
      } else {
        put.fresh = newCell(put);
      }
    }
    long wake = Wheel.NEVER;
    Shard shard = lock(put.hash);
    try {
      if (cell.value != old) {
        return null;
      }
      shard.overtake(put.hash, put.key);
      if (needsPlace(cell, put)) {
        wake = supplant(shard, cell, put);
      } else {
        overwrite(shard, cell, put);
        wake = place(shard, cell);
      }
    } finally {
      unlock(shard, wake);
      leaveIfNotLinked(put);
      Removals.tellAll(evicted);
    }
    return old;
  }

  /** Removes everything. */
  void clear() {
    for (Shard shard : shards) {
      shard.lock();
      if (shard.dead) { // split: its successors are to be cleared
        shard.unlock();
        refuseIfClosed();
        clear();
        return;
      }
      try {
        shard.overtakeAll();
        for (Cell cell : cellsOf(shard)) {
          takeOut(shard, cell, RemovalCause.REMOVED);
        }
      } finally {
        unlock(shard);
      }
    }
  }

  private List<Cell> cellsOf(Shard shard) {
    List<Cell> found = new ArrayList<>(shard.size());
    @Nullable Cell[] now = cells;
    for (int bucket = 0; bucket < now.length; bucket++) {
      if (shardOf(bucket) == shard) {
        for (Cell cell = first(now, bucket); cell != null; cell = cell.next) {
          found.add(cell);
        }
      }
    }
    return found;
  }

  // ---- growth

  private boolean wantsToGrow(Shard shard) {
    int length = cells.length;
    int count = shards.length;
    return shard.size() > length / count - (length / count >> 2)
        && length < maximum
        && canDouble(cells);
  }

  /** Doubles the table, under all locks, and splits the one shard when there is room for all. */
  private void grow() {
    Shard[] all = shards;
    int locked = 0;
    boolean alive = true;
    for (; locked < all.length && alive; locked++) {
      all[locked].lock();
      alive = !all[locked].dead;
    }
    try {
      if (alive && sizeOf(all) > cells.length - (cells.length >> 2)) {
        doubleLength();
        if (all.length == 1
            && shardsWanted > 1
            && cells.length >= shardsWanted << BUCKETS_PER_SHARD_SHIFT) {
          split(all[0]);
        }
      }
    } finally {
      while (locked-- > 0) {
        all[locked].unlock();
      }
    }
  }

  private static long sizeOf(Shard[] shards) {
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  private void split(Shard only) {
    Shard[] parts = new Shard[shardsWanted];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = newShard();
    }
    @Nullable Cell[] now = cells;
    for (int bucket = 0; bucket < now.length; bucket++) {
      for (Cell cell = first(now, bucket); cell != null; cell = cell.next) {
        part(parts, cell.hash).counts(1, cell.weight());
      }
    }
    if (only.policy != null) {
      only.policy.dealTo(cell -> Check.notNull(part(parts, cell.hash).policy, "policy"));
    }
    if (only.wheel != null) {
      only.wheel.dealTo(cell -> Check.notNull(part(parts, cell.hash).wheel, "wheel"));
    }
    long free = maximum;
    for (Shard part : parts) {
      part.limit = Math.max(LEAST_LIMIT, part.used);
      free -= part.limit;
    }
    dealComputations(only, parts);
    budget.give(free);
    only.dead = true;
    shards = parts;
  }

  private static Shard part(Shard[] parts, int hash) {
    return parts[hash >>> BUCKETS_PER_SHARD_SHIFT & parts.length - 1];
  }

  /** Overwriters that still look at the old shard have to see that something is being computed: that list stays set. */
  private static void dealComputations(Shard only, Shard[] parts) {
    Computation next;
    for (Computation each = only.computing; each != null; each = next) {
      next = each.next;
      part(parts, each.hash()).begin(each);
    }
  }

  // ---- computing

  /** Begins a computation, or returns null if another one of that key is under way, which is in {@code other} then. */
  Begun begin(Object key, boolean onlyIfAbsent) {
    int hash = spread(key.hashCode());
    Shard shard = lock(hash);
    try {
      Cell present = find(hash, key);
      if (present != null && expiry != null && Expiry.isOver(present, expiry.now())) {
        takeOut(shard, present, RemovalCause.EXPIRED);
        present = null;
      }
      Object value = present == null ? null : present.value;
      if (value != null && onlyIfAbsent) {
        return new Begun(null, null, value);
      }
      Computation other = shard.computing(hash, key);
      if (other != null) {
        return new Begun(null, other, null);
      }
      Computation mine = new Computation(path.get(), hash, key);
      shard.begin(mine);
      return new Begun(mine, null, present == null ? null : present.value);
    } finally {
      unlock(shard);
    }
  }

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

  /** Ends a computation that threw: nothing changes. */
  void abandon(Computation mine) {
    if (!closed) {
      try {
        Shard shard = lock(mine.hash());
        shard.end(mine);
        unlock(shard);
      } catch (ClosedScopeException late) {
        mine.over(time, null); // those who wait are to look again, and are told then
        return;
      }
    }
    mine.over(time, null);
  }

  /** Puts what was computed from the old value, or removes the key if that is null. */
  Ended end(
      Computation mine, Object key, @Nullable Object old, @Nullable Object value, int weight) {
    Ended ended = Ended.CLOSED;
    try {
      ended = value == null ? endEmpty(mine, key, old) : endWith(mine, key, old, value, weight);
    } catch (ClosedScopeException late) {
      if (!closed) {
        throw late;
      }
    } finally {
      mine.over(time, ended == Ended.PUT ? value : null);
    }
    return ended;
  }

  private Ended endEmpty(Computation mine, Object key, @Nullable Object old) {
    Shard shard = lock(mine.hash());
    try {
      if (!shard.end(mine)) {
        return Ended.OVERTAKEN;
      }
      Cell present = find(mine.hash(), key);
      if (present == null || old == null) {
        return present == null ? Ended.PUT : Ended.OVERTAKEN;
      }
      if (!present.killIf(old)) {
        return Ended.OVERTAKEN;
      }
      takenOut(shard, present, old, RemovalCause.REMOVED);
      return Ended.PUT;
    } finally {
      unlock(shard);
    }
  }

  private Ended endWith(
      Computation mine, Object key, @Nullable Object old, Object value, int weight) {
    Put put = new Put(key, value, false, null, weight);
    Removal evicted = null;
    try {
      if (expiry != null) {
        put.time(expiry, old == null);
      }
      if (order == null) {
        put.fresh = newCell(put);
      } else if (needsPlace(find(put.hash, key), put)) {
        evicted = enter(order, put);
      }
    } catch (Throwable refused) {
      abandon(mine);
      throw refused;
    }
    try {
      return endEntered(mine, put, old);
    } finally {
      leaveIfNotLinked(put);
      Removals.tellAll(evicted);
    }
  }

  private Ended endEntered(Computation mine, Put put, @Nullable Object old) {
    long wake = Wheel.NEVER;
    boolean grow = false;
    boolean needsEntrance = false;
    Shard shard = lock(put.hash);
    try {
      Cell present = find(put.hash, put.key);
      if (present != null && present.value != old) {
        shard.end(mine);
        return Ended.OVERTAKEN;
      }
      needsEntrance =
          order != null && put.fresh == null && put.weight <= maximum && needsPlace(present, put);
      if (!needsEntrance) {
        if (!shard.end(mine)) {
          return Ended.OVERTAKEN;
        }
        if (present == null || old == null) {
          wake = linkFresh(shard, put);
        } else if (needsPlace(present, put)) {
          wake = supplant(shard, present, put);
        } else {
          if (expiry != null) {
            expiry.write(present, put.now, put.limit);
          }
          if (!present.replace(old, put.value)) {
            return Ended.OVERTAKEN;
          }
          overwritten(shard, present, put, old);
          wake = place(shard, present);
        }
        grow = wantsToGrow(shard);
      }
    } finally {
      unlock(shard, wake);
    }
    if (grow) {
      grow();
    }
    return needsEntrance ? endEnteredLater(mine, put, old) : Ended.PUT;
  }

  /** What was to be overwritten has been evicted meanwhile, so that the new value needs a place after all. */
  private Ended endEnteredLater(Computation mine, Put put, @Nullable Object old) {
    Removal evicted = order == null ? null : enter(order, put);
    try {
      return endEntered(mine, put, old);
    } finally {
      Removals.tellAll(evicted);
    }
  }

  /** Tells of a value that was computed and did not get in. */
  void discard(Object key, Object value, RemovalCause cause) {
    if (removals != null) {
      Removals.tellAll(removals.note(spread(key.hashCode()), key, value, cause));
    }
  }

  // ---- expiry

  private long look(long now) {
    long next = Wheel.NEVER;
    boolean empty = true;
    for (Shard shard : shards) {
      next = Math.min(next, lookAt(shard, now));
      empty &= shard.size() == 0;
    }
    return expiry == null ? Wheel.NEVER : expiry.nextLook(now, next, empty);
  }

  /** On the timer thread: takes out a portion of what is due, and hands it to workers. */
  private long lookAt(Shard shard, long now) {
    Wheel wheel = shard.wheel;
    if (wheel == null) {
      return Wheel.NEVER;
    }
    long next = Wheel.NEVER;
    Removal gone;
    shard.lock();
    try {
      if (!shard.dead) {
        wheel.advance(now, PORTION, cell -> expire(shard, cell, now));
        next = wheel.next();
      }
    } finally {
      gone = unlockQuietly(shard);
    }
    if (removals != null) {
      removals.handOver(gone);
    }
    return next;
  }

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

  // ---- walking

  /**
   * Copies the live cells of the bucket at a position, and says which one is next. Positions count with the highest digit
   * first, so that what has been walked stays walked when the table doubles.
   *
   * @return the next position; zero after the last
   */
  int walk(int position, List<Cell> into) {
    Shard shard = lock(position);
    try {
      @Nullable Cell[] now = cells;
      int mask = now.length - 1;
      for (Cell cell = first(now, position); cell != null; cell = cell.next) {
        if (expiry == null || !expiry.isOverForLooker(cell)) {
          into.add(cell);
        }
      }
      return Integer.reverse(Integer.reverse(position | ~mask) + 1);
    } finally {
      shard.unlock();
    }
  }

  // ---- closing

  /** Empties it for good, and tells of what was there. */
  void close() {
    closed = true;
    List<Shard> all = lockAll();
    for (Shard shard : all) {
      shard.dead = true;
      shard.overtakeAll();
    }
    List<Cell> left = new ArrayList<>();
    @Nullable Cell[] now = cells;
    for (int bucket = 0; bucket < now.length; bucket++) {
      for (Cell cell = first(now, bucket); cell != null; cell = cell.next) {
        left.add(cell);
      }
    }
    Removal gone = noteClosed(left, all.get(0));
    drop();
    shards = new Shard[] {all.get(0)};
    all.get(0).counts(-all.get(0).size(), 0);
    for (Shard shard : all) {
      Computation overtaken = shard.takeWoken();
      shard.unlock();
      Computation.wakeAll(overtaken, time);
    }
    if (expiry != null) {
      expiry.close();
    }
    Removals.tellAll(gone);
    if (removals != null) {
      removals.takeOver();
    }
  }

  private List<Shard> lockAll() {
    for (; ; ) {
      Shard[] all = shards;
      for (Shard shard : all) {
        shard.lock();
      }
      if (all == shards) {
        return List.of(all);
      }
      for (Shard shard : all) {
        shard.unlock();
      }
    }
  }

  private @Nullable Removal noteClosed(List<Cell> left, Shard on) {
    for (Cell cell : left) {
      Object value = cell.kill();
      if (value != null) {
        note(on, cell, value, RemovalCause.CLOSED);
      }
    }
    return on.takeGone();
  }

  /** What listings say. */
  Map<String, String> details() {
    String unit = weighted ? "weight" : "entries";
    long held = weighted ? weight() : Math.min(maximum, sizeOf(shards));
    Map<String, String> details = new LinkedHashMap<>();
    details.put(unit, Text.count(held) + " of " + Text.count(maximum));
    if (weighted) {
      details.put("entries", Text.count(sizeOf(shards)));
    }
    return details;
  }

  private long weight() {
    long weight = 0;
    for (Shard shard : shards) {
      shard.lock();
      weight += shard.used;
      shard.unlock();
    }
    return Math.min(weight, maximum);
  }

  @Override
  public String toString() {
    return closed ? "closed" : Text.count(size()) + " of " + Text.count(maximum);
  }
}
