package io.leaksafe.hitratios;

/** Drops what was not accessed for the longest time. */
final class Lru implements Policy {

  @Override
  public long hits(Trace trace, int size) {
    RankList held = new RankList(trace.distinct());
    long hits = 0;
    for (int rank : trace.accesses()) {
      if (held.remove(rank)) {
        hits++;
      } else if (held.size() == size) {
        held.removeOldest();
      }
      held.add(rank);
    }
    return hits;
  }
}
