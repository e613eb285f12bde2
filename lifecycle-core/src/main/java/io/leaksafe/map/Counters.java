package io.leaksafe.map;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What a map counts if it was asked to. */
final class Counters {

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder expirations = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder failedLoads = new LongAdder();
  private final LongAdder loadNanos = new LongAdder();

  void read(boolean found) {
    (found ? hits : misses).increment();
  }

  void left(RemovalCause cause) {
    if (cause == RemovalCause.EVICTED) {
      evictions.increment();
    } else if (cause == RemovalCause.EXPIRED) {
      expirations.increment();
    }
  }

  void computed(boolean returned, long nanos) {
    (returned ? loads : failedLoads).increment();
    loadNanos.add(nanos);
  }

  MapStats copy() {
    return new MapStats(
        hits.sum(),
        misses.sum(),
        loads.sum(),
        failedLoads.sum(),
        Duration.ofNanos(loadNanos.sum()),
        evictions.sum(),
        expirations.sum());
  }
}
