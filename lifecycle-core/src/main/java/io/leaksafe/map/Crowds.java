package io.leaksafe.map;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The crowds of a table, by hash; a table has this once it has had one. Changed under the locks of the shards of the hashes. */
final class Crowds {

  private final ConcurrentMap<Integer, Crowd> byHash = new ConcurrentHashMap<>();

  /** Finds the live cell of a key; without a lock. */
  @Nullable
  Cell find(int hash, Object key) {
    Crowd crowd = byHash.get(hash);
    return crowd == null ? null : crowd.find(key);
  }

  /** As {@link Crowd#follow}; a key that cannot be compared now takes its place in the chain. */
  boolean follow(Cell cell) {
    Crowd crowd = byHash.get(cell.hash);
    try {
      return crowd != null && crowd.follow(cell);
    } catch (RuntimeException broken) {
      return false;
    }
  }

  /** As {@link Crowd#add}: it has room in the bound by now, so that it must get in, if not here. */
  boolean add(Cell cell) {
    try {
      return addComparable(cell);
    } catch (RuntimeException broken) {
      return false;
    }
  }

  private boolean addComparable(Cell cell) {
    Crowd crowd = byHash.get(cell.hash);
    if (crowd != null) {
      return crowd.add(cell);
    }
    crowd = new Crowd(cell.key.getClass());
    if (!isComparable(cell.key) || !crowd.add(cell)) {
      return false;
    }
    byHash.put(cell.hash, crowd);
    return true;
  }

  /** Whether a key can be compared with its like; it may be declared to be compared with something else. */
  @SuppressWarnings("unchecked")
  private static boolean isComparable(Object key) {
    try {
      return key instanceof Comparable<?> comparable
          && ((Comparable<Object>) comparable).compareTo(key) == 0;
    } catch (ClassCastException other) {
      return false;
    }
  }

  void cut(Cell cell) {
    Crowd crowd = byHash.get(cell.hash);
    if (crowd == null) {
      throw new AssertionError("A cell stands in no chain.");
    }
    crowd.cut(cell);
    if (crowd.isEmpty()) {
      byHash.remove(cell.hash);
    }
  }

  /** Passes on the cells of some hashes. */
  void forEach(IntPredicate hashes, Consumer<Cell> consumer) {
    byHash.forEach((hash, crowd) -> {
      if (hashes.test(hash)) {
        crowd.forEach(consumer);
      }
    });
  }

  void clear() {
    byHash.values().forEach(Crowd::clear);
    byHash.clear();
  }
}
