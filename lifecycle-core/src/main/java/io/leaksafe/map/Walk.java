package io.leaksafe.map;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A walk over all entries, bucket by bucket; weakly consistent. Not thread-safe. */
final class Walk {
  /*
   * A bucket is copied under its lock, and its values are read when they have their turn. Buckets are walked with the highest
   * digit of their number first, so that a table that doubles on the way neither hides an entry nor shows it twice.
   */
  private final Store store;
  private final List<Cell> bucket = new ArrayList<>();
  private int next;
  private int position;
  private boolean last;
  private @Nullable Object key;
  private @Nullable Object value;

  Walk(Store store) {
    this.store = store;
  }

  /** Goes on to the next entry; false after the last. */
  boolean advance() {
    for (; ; ) {
      while (next < bucket.size()) {
        Cell cell = bucket.get(next++);
        Object present = cell.value;
        if (present != null) {
          key = cell.key;
          value = present;
          return true;
        }
      }
      if (last) {
        key = null;
        value = null;
        return false;
      }
      bucket.clear();
      next = 0;
      position = store.walk(position, bucket);
      last = position == 0;
    }
  }

  Object key() {
    return present(key);
  }

  Object value() {
    return present(value);
  }

  private static Object present(@Nullable Object given) {
    if (given == null) {
      throw new NoSuchElementException("There is no further entry.");
    }
    return given;
  }
}
