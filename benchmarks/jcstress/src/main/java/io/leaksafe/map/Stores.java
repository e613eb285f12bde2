package io.leaksafe.map;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.stress.StressTime;
import java.util.ArrayList;
import java.util.List;

/** Small maps without an owner, in a state in which the next step is the interesting one. */
final class Stores {

  private Stores() {}

  static Store of(long maximum, Eviction eviction) {
    return of(new StressTime(), new Store.Settings(maximum, false, eviction, 0, null));
  }

  static Store of(StressTime time) {
    return of(time, new Store.Settings(10, false, Eviction.OLDEST, 0, null));
  }

  private static Store of(StressTime time, Store.Settings settings) {
    return new Store(() -> "map", time, settings, null, null, null);
  }

  /** A key with the hash code of all its like. */
  private record OneOfMany(int number) implements Comparable<OneOfMany> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(OneOfMany other) {
      return Integer.compare(number, other.number);
    }
  }

  static final Object LAST_OF_CROWD = new OneOfMany(Table.CROWDED);

  /** One with a key that stands beside the table, since as many of its hash code stand there as may. */
  static Store crowd() {
    Store store = of(new StressTime(), new Store.Settings(1_000, true, Eviction.OLDEST, 0, null));
    for (int i = 0; i <= Table.CROWDED; i++) {
      put(store, new OneOfMany(i), "old");
    }
    return store;
  }

  /** One in which values expire after the given time. */
  static Store expiring(StressTime time, long nanos) {
    return expiring(time, new Expiry.Settings(nanos, 0, null, false));
  }

  /** One in which values expire when they have not been read for the given time. */
  static Store expiringUnread(StressTime time, long nanos) {
    return expiring(time, new Expiry.Settings(0, nanos, null, false));
  }

  private static Store expiring(StressTime time, Expiry.Settings settings) {
    Root root = OwnerNode.of(CleanupManager.builder("root")
            .tracking(Tracking.DISABLED)
            .timeSource(time)
            .build())
        .root();
    return new Store(
        () -> "map",
        time,
        new Store.Settings(10, false, Eviction.OLDEST, 0, null),
        new Expiry(time, root.engine, settings),
        null,
        null);
  }

  static void put(Store store, Object key, Object value) {
    store.put(key, value, false, null, 1);
  }

  /** So many keys that fall into the first bucket of a new table, half of which go to another one when it doubles. */
  static List<Integer> crowded(int count) {
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; keys.size() < count; i++) {
      if ((Table.spread(i) & 15) == 0 && (Table.spread(i) >>> 4 & 1) == (keys.size() & 1)) {
        keys.add(i);
      }
    }
    return keys;
  }

  /** Whether all chains are sound: live cells of their bucket, as many as are counted. */
  static boolean isSound(Store store) {
    Cell[] cells = store.cells;
    int linked = 0;
    for (int bucket = 0; bucket < cells.length; bucket++) {
      for (Cell cell = cells[bucket]; cell != null; cell = cell.next) {
        if (cell.value == null || (cell.hash & cells.length - 1) != bucket) {
          return false;
        }
        linked++;
      }
    }
    int counted = 0;
    for (Shard shard : store.all()) {
      counted += shard.size();
    }
    return linked == counted;
  }
}
