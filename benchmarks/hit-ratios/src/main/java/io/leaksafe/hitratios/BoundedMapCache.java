package io.leaksafe.hitratios;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.Eviction;

/** Our map, through its API, as a cache: what is coldest goes. */
final class BoundedMapCache implements Policy {

  @Override
  public long hits(Trace trace, int size) {
    try (CleanupManager root = CleanupManager.create("hit-ratios")) {
      BoundedMap<Long, Boolean> map = BoundedMap.<Long, Boolean>in(root, "cache")
          .maximumSize(size)
          .evict(Eviction.COLDEST)
          .build();
      long hits = 0;
      for (int rank : trace.accesses()) {
        Long key = trace.key(rank);
        if (map.get(key) != null) {
          hits++;
        } else {
          map.put(key, Boolean.TRUE);
        }
      }
      return hits;
    }
  }
}
