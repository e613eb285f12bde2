package io.leaksafe.map;

import org.jspecify.annotations.Nullable;

/** Makes room in a map whose oldest entry goes first: what a newcomer does when nothing is free. */
final class OldestEviction {

  /** What became of a cell that was taken out of the order, and of whom to tell. */
  record Cut(boolean done, boolean stays, @Nullable Removal gone) {
    static final Cut DONE = new Cut(true, false, null);
    static final Cut STAYS = new Cut(false, true, null);
    static final Cut WAS_DEAD = new Cut(false, false, null);

    Cut with(Removal removal) {
      return new Cut(done, stays, removal);
    }
  }

  private final Store store;
  private final Order order;
  private @Nullable Removal gone;
  private @Nullable Removal lastGone;

  private OldestEviction(Store store, Order order) {
    this.store = store;
    this.order = order;
  }

  /**
   * Evicts the oldest until a newcomer fits in, and gives it its place; returns what has left.
   *
   * @throws IllegalStateException if everything is in use
   */
  static @Nullable Removal makeRoom(Store store, Order order, Cell fresh, long weight) {
    OldestEviction eviction = new OldestEviction(store, order);
    if (weight == 1 && store.evictAtOnce() == 0) {
      eviction.one(fresh);
    } else {
      eviction.many(fresh, weight);
    }
    return eviction.gone;
  }

  /** The usual case: one goes for one that comes. */
  @SuppressWarnings("ThreadPriorityCheck") // it yields to those who have what it needs
  private void one(Cell fresh) {
    Cell victim = order.exchange(fresh);
    boolean placed = victim != null;
    for (long turns = 0; victim == null || !take(victim); turns++) {
      if (order.enter(placed ? null : fresh, 1)) {
        return;
      }
      refuseIfAllStay(turns, fresh, placed);
      if (victim == null) {
        Thread.yield();
      }
      victim = order.exchange(placed ? null : fresh);
      placed |= victim != null;
    }
  }

  private void many(Cell fresh, long weight) {
    store.evicting.lock(); // one at a time, so that no two of them wait for what the other has
    try {
      if (order.enter(fresh, weight)) {
        return;
      }
      order.giveBack(dropAtOnce(), 0);
      for (long turns = 0; !order.enter(fresh, weight); turns++) {
        Cell victim = order.exchange(null);
        if (victim == null) {
          Thread.onSpinWait();
        } else if (take(victim)) {
          order.giveBack(victim.weight(), 0);
        } else {
          refuseIfAllStay(turns, fresh, false);
        }
      }
    } finally {
      store.evicting.unlock();
    }
  }

  private long dropAtOnce() {
    if (store.evictAtOnce() == 0) {
      return 0;
    }
    long weight = 0;
    for (long goal = store.evictAtOnce(); weight < goal; ) {
      Cell victim = order.exchange(null);
      if (victim == null) {
        return weight;
      }
      if (take(victim)) {
        weight += victim.weight();
      } else if (victim.value != null) {
        return weight; // it stays, and now is the last: enough of this
      }
    }
    return weight;
  }

  /** Cuts a cell that was taken; false if it does not give what it weighs. */
  private boolean take(Cell victim) {
    Cut cut = store.cutOldest(victim);
    if (cut.gone != null) {
      if (lastGone == null) {
        gone = cut.gone;
      } else {
        lastGone.next = cut.gone;
      }
      lastGone = cut.gone;
    }
    if (cut.stays) {
      order.putBehind(victim);
    } else if (!cut.done) {
      order.wasDead();
    }
    return cut.done;
  }

  /** When as many have been looked at as there can be, twice. */
  private void refuseIfAllStay(long turns, Cell fresh, boolean placed) {
    if (store.isPinned() && turns > 2L * order.slots() + 64) {
      fresh.killQuietly();
      if (placed) {
        order.giveBack(0, 1);
      }
      Removals.tellAll(gone);
      throw store.allInUse();
    }
  }
}
