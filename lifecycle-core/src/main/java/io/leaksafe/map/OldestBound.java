package io.leaksafe.map;

import io.leaksafe.internal.event.Flight;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bound of a map in which the oldest entry of all goes first. */
final class OldestBound extends Bound {
  /*
   * The shards have locks of their own, but the order is one (Order). A newcomer takes its place there and what is free; if
   * nothing is, it takes the oldest entry in exchange, cuts that under the lock of its shard, and only then is linked, under
   * its own: no two shards are locked at a time.
   *
   * What was taken out of the order belongs to who took it. If it turns out to have been removed, whoever removed it has given
   * back its weight; if it may not go, it is put behind all others: because it is in use, because the newcomer is to replace
   * it, or because it is a newcomer itself, not linked yet, for which something else may still have to be cut.
   *
   * Nothing foreign runs while a newcomer has its place and is not linked: what has left is told of after that. A listener may
   * so put into a map of one entry.
   */
  private static final int SOME_TURNS = 64;

  /** For evicting one at a time, so that no two wait for what the other has; null if each newcomer evicts one for itself. */
  private final @Nullable ReentrantLock evicting;

  private final Order order;
  private final long evictAtOnce;

  /** What one newcomer has evicted, to be told of. */
  private static final class Gone {
    private final @Nullable Cell spare;
    private @Nullable Removal first;
    private @Nullable Removal last;
    private int evicted;

    Gone(@Nullable Cell spare) {
      this.spare = spare;
    }

    void add(@Nullable Removal removal) {
      if (removal == null) {
        return;
      }
      if (last == null) {
        first = removal;
      } else {
        last.next = removal;
      }
      last = removal;
    }
  }

  OldestBound(Shards shards, Store.Settings settings) {
    super(shards, settings.evictFraction(), settings.pins());
    this.order = new Order(settings.maximum());
    this.evicting = evictFraction == 0 && !settings.weighted() ? null : new ReentrantLock();
    this.evictAtOnce =
        evictFraction == 0 ? 0 : Math.max(1, (long) (evictFraction * settings.maximum()));
  }

  @Override
  boolean needsEntrance() {
    return true;
  }

  @Override
  boolean marksReads() {
    return false;
  }

  @Override
  @Nullable
  Removal enter(Cell fresh, @Nullable Cell spare) {
    if (fresh.weight() > shards.maximum) {
      return null;
    }
    fresh.queue = Cell.COMING;
    long taken = taken(fresh, spare);
    if (evicting == null && taken != 0) {
      Cell victim = order.enterOrExchange(fresh);
      return victim == fresh ? null : evictFor(fresh, victim, taken, spare);
    }
    return order.enter(fresh, taken) ? null : evictFor(fresh, null, taken, spare);
  }

  private static long taken(Cell fresh, @Nullable Cell spare) {
    return spare == null ? fresh.weight() : Math.max(0, fresh.weight() - spare.weight());
  }

  private @Nullable Removal evictFor(
      Cell fresh, @Nullable Cell victim, long weight, @Nullable Cell spare) {
    Gone gone = new Gone(spare);
    try {
      evict(fresh, victim, weight, gone);
    } catch (Throwable refused) {
      Removals.tellAll(gone.first);
      throw refused;
    }
    return gone.first;
  }

  private void evict(Cell fresh, @Nullable Cell victim, long weight, Gone gone) {
    if (evicting == null) {
      evictOne(fresh, victim, gone);
    } else {
      evicting.lock();
      try {
        evictMany(fresh, weight, gone);
      } finally {
        evicting.unlock();
      }
      if (Flight.recordsBurst(gone.evicted)) {
        Flight.evicted(shards.path.get(), gone.evicted);
      }
    }
  }

  /** The usual case: one goes for one that comes, the oldest if there is one. */
  @SuppressWarnings("ThreadPriorityCheck") // it yields to those who have what it needs
  private void evictOne(Cell fresh, @Nullable Cell oldest, Gone gone) {
    Cell victim = oldest;
    boolean placed = victim != null;
    for (long turns = 0; victim == null || !cut(victim, gone); turns++) {
      if (order.enter(placed ? null : fresh, 1)) {
        return;
      }
      if (isInVain(turns)) {
        refuse(fresh, placed);
      }
      if (victim == null) {
        Thread.yield();
      }
      victim = order.exchange(placed ? null : fresh);
      placed |= victim != null;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // it yields to those who have what it needs
  private void evictMany(Cell fresh, long weight, Gone gone) {
    if (order.enter(fresh, weight)) {
      return; // somebody else has made room
    }
    order.giveBack(dropAtOnce(gone), 0);
    for (long turns = 0; !order.enter(fresh, weight); turns++) {
      Cell victim = order.exchange(null);
      if (victim == null) {
        Thread.yield();
      } else if (cut(victim, gone)) {
        order.giveBack(victim.weight(), 0);
      } else if (isInVain(turns)) {
        refuse(fresh, false);
      }
    }
  }

  /** Evicts the part of the map that goes at once; returns what it weighed. */
  private long dropAtOnce(Gone gone) {
    long weight = 0;
    for (int left = order.slots(); left > 0 && weight < evictAtOnce; left--) {
      Cell victim = order.exchange(null);
      if (victim == null) {
        return weight;
      }
      if (cut(victim, gone)) {
        weight += victim.weight();
      }
    }
    return weight;
  }

  /** Cuts a cell that was taken out of the order; false if the caller does not get what it weighs. */
  private boolean cut(Cell victim, Gone gone) {
    Shard shard = shards.lock(victim.hash);
    boolean cut = false;
    boolean stays = false;
    Removal removal;
    try {
      Object value = victim.value;
      stays =
          value != null && (victim.queue == Cell.COMING || victim == gone.spare || !letsGo(value));
      cut = value != null && !stays;
      if (cut) {
        victim.queue = Cell.NOWHERE;
        shards.evict(shard, victim);
        gone.evicted++;
      }
    } finally {
      removal = shard.takeGone();
      shard.unlock();
    }
    gone.add(removal);
    if (stays) {
      order.putBehind(victim);
    } else if (!cut) {
      order.wasDead();
    }
    return cut;
  }

  /** Whether as many have been looked at as there can be, twice. */
  private boolean isInVain(long turns) {
    return isPinned() && turns > 2L * order.slots() + SOME_TURNS;
  }

  private void refuse(Cell fresh, boolean placed) {
    fresh.killQuietly();
    if (placed) {
      order.giveBack(0, 1);
    }
    throw shards.allInUse();
  }

  @Override
  void leave(Cell fresh, @Nullable Cell spare) {
    if (fresh.queue == Cell.COMING) { // set by this thread; linked ones never come to it again
      fresh.killQuietly();
      order.giveBack(taken(fresh, spare), 1);
    }
  }

  @Override
  boolean makeRoom(Shard shard, Cell fresh) {
    return fresh.weight() <= shards.maximum;
  }

  @Override
  void linked(Shard shard, Cell cell) {
    cell.queue = Cell.IN_ORDER;
  }

  @Override
  void left(Shard shard, Cell cell) {
    cell.queue = Cell.NOWHERE;
    order.giveBack(cell.weight(), 1);
  }

  @Override
  void supplanted(Shard shard, Cell cell, Cell fresh, @Nullable Cell spare) {
    if (cell == spare) {
      cell.queue = Cell.NOWHERE;
      order.giveBack(Math.max(0, cell.weight() - fresh.weight()), 1);
    } else {
      left(shard, cell);
    }
  }

  @Override
  void dealt(Shard only, Shard[] parts) {
    // there is one order for all of them
  }

  Order order() {
    return order;
  }
}
