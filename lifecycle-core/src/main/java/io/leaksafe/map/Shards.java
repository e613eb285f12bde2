package io.leaksafe.map;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The table with its locks: how entries are linked and taken out, and how it all grows. */
abstract class Shards extends Table {
  /*
   * 64 neighbouring buckets belong to one shard, whose lock guards them together with the places of their cells in policy and
   * wheel. Reading looks at no shard.
   *
   * A map starts with one. When its table is long enough for all of them, that one is split, under its lock: the cells are
   * dealt out in their order, and it is marked dead, which whoever takes its lock looks at. What it says is being computed
   * stays, for overwriters that still look there (Computations). Proof: jcstress PutAgainstSplit.
   *
   * What leaves is noted in the shard under its lock; whoever unlocks takes the notes, and tells of them then.
   *
   * Closing marks all shards dead and drops the table, so that every lookup misses and every lock is refused; only those two
   * then look whether the map is closed.
   */
  private static final int BUCKETS_PER_SHARD_SHIFT = 6;
  private static final int LEAST_SHARE = 512;
  private static final int SHARDS_PER_CORE = 8;

  final Supplier<String> path;
  final TimeSource time;
  final long maximum;
  final boolean weighted;
  final @Nullable Expiry expiry;
  final @Nullable Counters counters;
  final @Nullable Removals removals;
  final Bound bound;
  private final int wanted;

  private volatile Shard[] shards;
  private volatile boolean closed;

  @SuppressWarnings("this-escape") // the bound only keeps the reference
  Shards(
      Supplier<String> path,
      TimeSource time,
      Store.Settings settings,
      @Nullable Expiry expiry,
      @Nullable Removals removals,
      @Nullable Counters counters) {
    this.path = path;
    this.time = time;
    this.maximum = settings.maximum();
    this.weighted = settings.weighted();
    this.expiry = expiry;
    this.removals = removals;
    this.counters = counters;
    boolean coldest = settings.eviction() == Eviction.COLDEST;
    // Only one shard may have what a heavy entry needs, or look at all entries for one that is not
    // in use.
    boolean one = coldest && (weighted || settings.pins() != null);
    this.wanted = one ? 1 : shardsFor(maximum);
    this.bound =
        coldest ? new ColdestBound(this, settings, wanted) : new OldestBound(this, settings);
    Shard first = newShard();
    first.limit = maximum;
    this.shards = new Shard[] {first};
  }

  private static int shardsFor(long maximum) {
    int most =
        Integer.highestOneBit(2 * SHARDS_PER_CORE * Runtime.getRuntime().availableProcessors() - 1);
    return (int) Math.max(1, Math.min(most, Long.highestOneBit(maximum / LEAST_SHARE)));
  }

  private Shard newShard() {
    return new Shard(expiry == null ? null : new Wheel(expiry.now()));
  }

  // ---- locks

  final int count() {
    return shards.length;
  }

  final Shard at(int index) {
    Shard[] now = shards;
    return now[index & now.length - 1];
  }

  final Shard[] all() {
    return shards;
  }

  final Shard of(int hash) {
    return of(shards, hash);
  }

  static Shard of(Shard[] shards, int hash) {
    return shards[hash >>> BUCKETS_PER_SHARD_SHIFT & shards.length - 1];
  }

  /** Takes the lock of a hash. */
  final Shard lock(int hash) {
    for (; ; ) {
      Shard shard = of(hash);
      shard.lock();
      if (!shard.dead) {
        return shard;
      }
      shard.unlock();
      refuseIfClosed();
      Thread.onSpinWait();
    }
  }

  final void unlock(Shard shard) {
    unlock(shard, Wheel.NEVER);
  }

  /** Unlocks, and then wakes and tells whoever has to know; the listener last, since it may take long. */
  final void unlock(Shard shard, long wake) {
    Computation overtaken = shard.takeWoken();
    Removal gone = shard.takeGone();
    int burst = shard.takeBurst();
    shard.unlock();
    if (expiry != null && wake != Wheel.NEVER) {
      expiry.lookAt(wake);
    }
    if (overtaken != null) {
      Computation.wakeAll(overtaken, time);
    }
    if (Flight.recordsBurst(burst)) {
      Flight.evicted(path.get(), burst);
    }
    if (gone != null) {
      Removals.tellAll(gone);
    }
  }

  final boolean isClosed() {
    return closed;
  }

  final void refuseIfClosed() {
    if (closed) {
      throw closedException();
    }
  }

  final ClosedScopeException closedException() {
    return new ClosedScopeException(
        "Map '" + path.get()
            + "' is closed, with its owner. Use it before that, or give it an owner that lives longer.");
  }

  final IllegalStateException allInUse() {
    return new IllegalStateException("Map '" + path.get() + "' is full, and all of its "
        + Text.count(entries())
        + " entries are in use; nothing was put. End a lease first, or raise the maximum of "
        + Text.count(maximum) + ".");
  }

  /** How many entries there are, though summed while others come and go. */
  final long entries() {
    return Math.min(sizeOf(shards), maximum);
  }

  /** What they weigh, summed likewise. */
  final long weight() {
    long weight = 0;
    for (Shard shard : shards) {
      shard.lock();
      weight += shard.used;
      shard.unlock();
    }
    return Math.min(weight, maximum);
  }

  private static long sizeOf(Shard[] shards) {
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  // ---- cells; under the lock of their shard but for the first

  /**
   * Makes the cell of what is put: the value on its way in, with its weight and until when it may stay.
   *
   * @param own     a time to stay of its own
   * @param created whether its key seems to be new
   */
  final Cell newCell(
      int hash, Object key, Object value, int weight, @Nullable Duration own, boolean created) {
    Cell fresh;
    if (expiry != null) {
      long now = expiry.now();
      long limit = expiry.limit(key, value, now, own, created);
      long deadline = expiry.deadline(now, limit);
      fresh = weighted || expiry.hasTwoTimes(limit)
          ? new FullCell(hash, key, value, deadline, limit, weight)
          : new TimedCell(hash, key, value, deadline);
    } else if (weighted) {
      fresh = new FullCell(hash, key, value, Wheel.NEVER, Wheel.NEVER, weight);
    } else {
      fresh = new Cell(hash, key, value);
    }
    if (!bound.marksReads()) {
      fresh.freq = Cell.MOST_READ; // so that readers never write
    }
    return fresh;
  }

  /** Makes room for a new cell and links it; what does not fit in leaves at once. Returns when to look at its time. */
  final long linkFresh(Shard shard, Cell fresh) {
    if (bound.makeRoom(shard, fresh)) {
      return linkFitting(shard, fresh);
    }
    note(shard, fresh.hash, fresh.key, fresh.first(), RemovalCause.EVICTED);
    return Wheel.NEVER;
  }

  private long linkFitting(Shard shard, Cell fresh) {
    shard.counts(1, fresh.weight());
    bound.linked(shard, fresh);
    link(fresh);
    return shard.wheel == null ? Wheel.NEVER : shard.wheel.place((TimedCell) fresh);
  }

  /**
   * Links the new cell, and takes out the one that has the value by now but has no room for the rest. The new one stands behind it
   * before it goes, so that no reader misses the key; a value that somebody puts there meanwhile goes along.
   */
  final long relink(Shard shard, Cell cell, Cell fresh, @Nullable Cell spare) {
    bound.supplanted(shard, cell, fresh, spare);
    uncount(shard, cell);
    boolean fits = false;
    try {
      fits = bound.makeRoom(shard, fresh);
    } finally {
      if (!fits) {
        dropUncounted(shard, cell);
      }
    }
    if (!fits) {
      return Wheel.NEVER;
    }
    fresh.freq = (byte) Math.max(cell.freq, fresh.freq);
    long wake = linkFitting(shard, fresh);
    for (Object value = cell.value; value != null; value = cell.value) {
      fresh.value = value;
      if (cell.killIf(value)) {
        break;
      }
    }
    cut(cell);
    return wake;
  }

  /** There is no room for the new cell, so that nothing is left of the key. */
  private void dropUncounted(Shard shard, Cell cell) {
    Object value = cell.kill();
    cut(cell);
    if (value != null) {
      note(shard, cell.hash, cell.key, value, RemovalCause.EVICTED);
    }
  }

  /** Takes out a cell that the bound has chosen, and that stands in no queue any more. */
  final void evict(Shard shard, Cell victim) {
    if (removals == null) {
      victim.killQuietly();
      count(RemovalCause.EVICTED);
    } else {
      Object value = victim.kill();
      if (value != null) {
        note(shard, victim.hash, victim.key, value, RemovalCause.EVICTED);
      }
    }
    unlink(shard, victim);
  }

  /** Takes a live cell out of everything; returns its value. Without a cause, nobody is told. */
  final @Nullable Object takeOut(Shard shard, Cell cell, @Nullable RemovalCause cause) {
    Object value = cell.kill();
    if (value != null) {
      takenOut(shard, cell, value, cause);
    }
    return value;
  }

  /** As {@link #takeOut}, of a cell that has just lost its value. */
  final void takenOut(Shard shard, Cell cell, Object value, @Nullable RemovalCause cause) {
    bound.left(shard, cell);
    unlink(shard, cell);
    if (cause != null) {
      note(shard, cell.hash, cell.key, value, cause);
    }
  }

  private void unlink(Shard shard, Cell cell) {
    cut(cell);
    uncount(shard, cell);
  }

  private void uncount(Shard shard, Cell cell) {
    shard.counts(-1, -cell.weight());
    if (shard.wheel != null) {
      shard.wheel.leave(cell);
    }
  }

  final void note(Shard shard, int hash, Object key, Object value, RemovalCause cause) {
    if (removals != null) {
      shard.gone(removals.note(hash, key, value, cause));
    }
    count(cause);
  }

  private void count(RemovalCause cause) {
    if (counters != null) {
      counters.left(cause);
    }
  }

  // ---- growth

  final boolean wantsToGrow(Shard shard) {
    int length = cells.length;
    int perShard = length / shards.length;
    return shard.size() > perShard - (perShard >> 2)
        && length - (length >> 2) < maximum
        && canDouble(cells);
  }

  /** Doubles the table, under all locks, and splits the one shard when there is room for all. */
  final void grow() {
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
        if (all.length < wanted && cells.length >= wanted << BUCKETS_PER_SHARD_SHIFT) {
          split(all[0]);
        }
      }
    } finally {
      while (locked-- > 0) {
        all[locked].unlock();
      }
    }
  }

  private void split(Shard only) {
    Shard[] parts = new Shard[wanted];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = newShard();
    }
    for (Cell cell : linked()) {
      of(parts, cell.hash).counts(1, cell.weight());
    }
    if (only.wheel != null) {
      only.wheel.dealTo(cell -> Check.notNull(of(parts, cell.hash).wheel, "wheel"));
    }
    bound.dealt(only, parts);
    Computation next;
    for (Computation each = only.computing; each != null; each = next) {
      next = each.next;
      of(parts, each.hash()).begin(each);
    }
    only.dead = true;
    shards = parts;
  }

  /** Under all locks: every cell. */
  private List<Cell> linked() {
    List<Cell> found = new ArrayList<>();
    @Nullable Cell[] now = cells;
    for (int bucket = 0; bucket < now.length; bucket++) {
      for (Cell cell = first(now, bucket); cell != null; cell = cell.next) {
        found.add(cell);
      }
    }
    forEachInCrowds(hash -> true, found::add);
    return found;
  }

  /** Under the lock: every cell of a shard. */
  final List<Cell> linkedIn(Shard shard) {
    List<Cell> found = new ArrayList<>(shard.size());
    @Nullable Cell[] now = cells;
    for (int bucket = 0; bucket < now.length; bucket++) {
      if (of(bucket) == shard) {
        for (Cell cell = first(now, bucket); cell != null; cell = cell.next) {
          found.add(cell);
        }
      }
    }
    forEachInCrowds(hash -> of(hash) == shard, found::add);
    return found;
  }

  // ---- walking

  /**
   * Copies the live cells of the bucket at a position, and says which one is next. Positions count with the highest digit
   * first, so that what has been walked stays walked when the table doubles.
   *
   * @return the next position; zero after the last
   */
  final int walk(int position, List<Cell> into) {
    Shard shard = lock(position);
    try {
      @Nullable Cell[] now = cells;
      int mask = now.length - 1;
      for (Cell cell = first(now, position); cell != null; cell = cell.next) {
        addLiving(cell, into);
      }
      forEachInCrowds(hash -> (hash & mask) == (position & mask), cell -> addLiving(cell, into));
      return Integer.reverse(Integer.reverse(position | ~mask) + 1);
    } finally {
      shard.unlock();
    }
  }

  private void addLiving(Cell cell, List<Cell> into) {
    if (expiry == null || !expiry.isOverForLooker(cell)) {
      into.add(cell);
    }
  }

  // ---- closing

  /** Empties it for good, and tells of what was there. */
  final void close() {
    closed = true;
    Shard[] all = lockAll();
    List<Cell> left = linked();
    Shard first = all[0];
    for (Cell cell : left) {
      Object value = cell.kill();
      if (value != null) {
        note(first, cell.hash, cell.key, value, RemovalCause.CLOSED);
      }
    }
    Removal gone = first.takeGone();
    drop();
    shards = new Shard[] {first};
    for (Shard shard : all) {
      shard.dead = true;
      shard.counts(-shard.size(), -shard.used);
      shard.overtakeAll();
      Computation overtaken = shard.takeWoken();
      shard.unlock();
      Computation.wakeAll(overtaken, time);
    }
    if (expiry != null) {
      expiry.close();
    }
    if (removals != null) {
      Removals.tellAll(gone);
      removals.takeOver();
    }
  }

  private Shard[] lockAll() {
    for (; ; ) {
      Shard[] all = shards;
      for (Shard shard : all) {
        shard.lock();
      }
      if (all == shards) {
        return all;
      }
      for (Shard shard : all) {
        shard.unlock();
      }
    }
  }
}
