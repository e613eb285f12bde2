package io.leaksafe.hitratios;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** The real Caffeine, through its API; its maintenance runs on the caller, so that a run can be repeated. */
final class CaffeineCache implements Policy {

  @Override
  public long hits(Trace trace, int size) {
    Cache<Long, Boolean> cache =
        Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
    long hits = 0;
    for (int rank : trace.accesses()) {
      Long key = trace.key(rank);
      if (cache.getIfPresent(key) != null) {
        hits++;
      } else {
        cache.put(key, Boolean.TRUE);
      }
    }
    return hits;
  }
}
