package io.leaksafe.map;

import org.jspecify.annotations.Nullable;

/** The bound of a map in which each shard evicts its own coldest entry. */
final class ColdestBound extends Bound {
  /*
   * Invariant. The limits of all shards and the free budget make the maximum, and no shard holds more than its limit; so an
   * entry that is linked has been paid for. While a map has one shard, its limit is the maximum.
   *
   * A shard that is full takes from the free budget; when nothing is free it evicts one of its own before it links the
   * newcomer. What is removed gives its unit back.
   *
   * Rebalancing. Limits may lie where no keys come any more. After every 64 evictions a shard takes a turn, and looks at one
   * other; if that has not had a turn in four rounds, it evicts at less than a quarter of the mean rate, and has 16 units taken
   * away. The other's lock is only tried, so two that meet do not wait for each other. The turn is a plain field: one that is
   * lost in a race makes no difference.
   */
  private static final int LEAST_LIMIT = 4;
  private static final int TURN = 64;
  private static final int ROUNDS = 4;
  private static final int MOVED_AT_ONCE = 16;
  private static final int MOST_KEYS = 1 << 28;

  private final Budget budget = new Budget();
  private final WindowShare share;
  private final int fairShare;
  private long turn;

  ColdestBound(Shards shards, Store.Settings settings, int wanted) {
    super(shards, settings.evictFraction(), settings.pins());
    // By weight nobody knows how many fit in: the sketch is made at the first eviction then.
    this.share = new WindowShare(settings.maximum());
    this.fairShare = settings.weighted()
        ? Integer.MAX_VALUE
        : (int) Math.min(settings.maximum() / wanted, MOST_KEYS);
  }

  @Override
  boolean needsEntrance() {
    return false;
  }

  @Override
  boolean marksReads() {
    return true;
  }

  @Override
  @Nullable
  Removal enter(Cell fresh, @Nullable Cell spare) {
    return null;
  }

  @Override
  void leave(Cell fresh, @Nullable Cell spare) {
    // nothing was taken
  }

  private ColdestPolicy policyOf(Shard shard) {
    ColdestPolicy policy = shard.policy;
    if (policy == null) {
      policy = new ColdestPolicy(share);
      shard.policy = policy;
    }
    return policy;
  }

  @Override
  boolean makeRoom(Shard shard, Cell fresh) {
    int weight = fresh.weight();
    if (weight > shards.maximum) {
      return false;
    }
    if (shard.used + weight > shard.limit) {
      int evicted = evictFor(shard, weight);
      if (evicted > 0 && evictFraction > 0) {
        long floor = shard.limit - Math.max(1, (long) (evictFraction * shard.limit));
        while (shard.used > floor && evictOne(shard)) {
          evicted++;
        }
      }
      shard.burst(evicted);
    }
    return true;
  }

  private int evictFor(Shard shard, int weight) {
    int evicted = 0;
    while (shard.used + weight > shard.limit) {
      long got = budget.take(shards.count(), shard.used);
      shard.limit += got;
      if (got == 0) {
        evicted += evictOne(shard) ? 1 : 0;
        if (shards.count() > 1 && ++shard.evictions % TURN == 0) {
          rebalance(shard);
        }
      }
    }
    return evicted;
  }

  private boolean evictOne(Shard shard) {
    ColdestPolicy policy = policyOf(shard);
    for (int left = 2 * shard.size(); left >= 0; left--) {
      Cell victim = policy.evict(shard.limit);
      if (victim == null) {
        return false;
      }
      Object value = victim.value;
      if (value == null || letsGo(value)) {
        shards.evict(shard, victim);
        return true;
      }
      policy.keep(victim);
    }
    throw shards.allInUse();
  }

  private void rebalance(Shard shard) {
    long now = ++turn;
    shard.turn = now;
    Shard other = shards.at((int) (now % shards.count()));
    if (other != shard && now - other.turn > (long) ROUNDS * shards.count() && other.tryLock()) {
      try {
        if (!other.dead) {
          lower(other);
          shard.gone(other.takeGone());
        }
      } finally {
        other.unlock();
      }
    }
  }

  private void lower(Shard shard) {
    long lowered = Math.max(LEAST_LIMIT, shard.limit - MOVED_AT_ONCE);
    long given = shard.limit - lowered;
    if (given > 0) {
      shard.limit = lowered;
      while (shard.used > lowered && evictOne(shard)) {
        // one more goes
      }
      budget.give(given);
    }
  }

  @Override
  void linked(Shard shard, Cell cell) {
    ColdestPolicy policy = policyOf(shard);
    policy.add(cell);
    if (shard.used < shard.limit || budget.free() > 0) {
      policy.settle(shard.limit);
    }
    if (!policy.hasSketch() && shard.size() >= fairShare >> 1) {
      policy.expect(fairShare);
    }
  }

  @Override
  void left(Shard shard, Cell cell) {
    policyOf(shard).removed(cell);
    if (shards.count() > 1 && shard.limit > LEAST_LIMIT) {
      shard.limit--;
      budget.give(1);
    }
  }

  @Override
  void dealt(Shard only, Shard[] parts) {
    policyOf(only).dealTo(cell -> policyOf(Shards.of(parts, cell.hash)));
    long free = shards.maximum;
    for (Shard part : parts) {
      part.limit = Math.max(LEAST_LIMIT, part.used);
      free -= part.limit;
    }
    budget.give(free);
  }

  long free() {
    return budget.free();
  }
}
