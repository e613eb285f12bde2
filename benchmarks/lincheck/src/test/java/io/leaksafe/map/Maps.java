package io.leaksafe.map;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.time.TimeSource;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Maps without an owner: made by the ten thousand, they leave nothing behind. */
final class Maps {

  /** More than the table has room for, so that the next insertion doubles it. */
  static final int BEFORE_GROWTH = 12;

  /** The same of the growth at which the one shard is split. */
  static final int BEFORE_SPLIT = 48;

  /** The least maximum for which a map has more than one shard. */
  static final int MAXIMUM_OF_TWO_SHARDS = 1_024;

  /** So many more of one hash code that one of two further keys stands in their chain, and the other beside the table. */
  static final int BEFORE_CROWD = Table.CROWDED - 1;

  private static final int ROOM_FOR_COLLIDING = 100;
  private static final int FIRST_OTHER_KEY = 1_000;
  private static final long FAR_NANOS = 3_600_000_000_000L;

  /** Whose timer engine the maps that expire use; nothing is ever due. */
  private static final Root ROOT = OwnerNode.of(CleanupManager.create("root")).root();

  private Maps() {}

  static Map<Integer, Integer> of(long maximum, Eviction eviction) {
    return new OwnedMap<>(store(maximum, eviction, null, null), null);
  }

  /** One in which so many other keys are. */
  static Map<Integer, Integer> filled(Eviction eviction, int others) {
    Map<Integer, Integer> map = of(MAXIMUM_OF_TWO_SHARDS, eviction);
    for (int i = 0; i < others; i++) {
      map.put(FIRST_OTHER_KEY + i, i);
    }
    return map;
  }

  /** One whose keys are all equal in hash, of which so many are there. */
  static Map<Integer, Integer> colliding(Eviction eviction, IntFunction<Object> keys, int others) {
    return new Colliding(
        new OwnedMap<>(store(ROOM_FOR_COLLIDING, eviction, null, null), null), keys, others);
  }

  /** One whose listener hears of everything, so that values are overwritten under the lock. */
  static Map<Integer, Integer> told(long maximum, Eviction eviction) {
    Removals removals =
        new Removals((key, value, cause) -> {}, () -> "map", task -> false, maximum);
    return new OwnedMap<>(store(maximum, eviction, null, removals), null);
  }

  /** One in which values would expire after an hour. */
  static Map<Integer, Integer> expiring(long maximum, Eviction eviction) {
    Expiry expiry = new Expiry(
        TimeSource.system(), ROOT.engine, new Expiry.Settings(FAR_NANOS, FAR_NANOS, null, false));
    return new OwnedMap<>(store(maximum, eviction, expiry, null), null);
  }

  private static Store store(
      long maximum, Eviction eviction, @Nullable Expiry expiry, @Nullable Removals removals) {
    return new Store(
        () -> "map",
        TimeSource.system(),
        new Store.Settings(maximum, false, eviction, 0, null),
        expiry,
        removals,
        null);
  }
}
