package io.leaksafe.hitratios;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is compared, by the name that its column has. */
final class Policies {

  static final String OURS = "ours";
  static final String CAFFEINE = "Caffeine";

  private Policies() {}

  static Map<String, Policy> all() {
    Map<String, Policy> policies = new LinkedHashMap<>();
    policies.put("optimal", new Optimal());
    policies.put(OURS, new BoundedMapCache());
    policies.put(CAFFEINE, new CaffeineCache());
    policies.put("LRU", new Lru());
    policies.put("S3-FIFO", new S3Fifo());
    return policies;
  }
}
