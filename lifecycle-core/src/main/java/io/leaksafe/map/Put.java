package io.leaksafe.map;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A value on its way into a map: what is put, until when, and the cell it gets if its key is new. */
final class Put {
  final int hash;
  final Object key;
  final Object value;
  final boolean onlyIfAbsent;
  final int weight;
  private final @Nullable Duration own;
  long now;
  long limit = Wheel.NEVER;

  /** The cell whose place and room this is to get, if it is still there then. */
  @Nullable
  Cell spare;

  /** How much of the bound it has taken, beside what the spare cell has. */
  long taken;

  /** How many entries have gone for it, where that is noted. */
  int pushedOut;

  /** Made before the lock is taken, and null once it is linked. */
  @Nullable
  Cell fresh;

  Put(Object key, Object value, boolean onlyIfAbsent, @Nullable Duration own, int weight) {
    this.hash = Table.spread(key.hashCode());
    this.key = key;
    this.value = value;
    this.onlyIfAbsent = onlyIfAbsent;
    this.own = own;
    this.weight = weight;
  }

  /** Reads the clock, and asks how long the value may stay. */
  void time(Expiry times, boolean created) {
    now = times.now();
    limit = times.limit(
        key, value, now, own, created ? ExpiryRule.Event.CREATED : ExpiryRule.Event.UPDATED);
  }
}
