package io.leaksafe.internal.wheel;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Entries that are due, taken out of a stripe in one go and then fired by whoever took them, in the order of their deadlines. */
public final class Due {

  private static final Comparator<Entry> BY_DEADLINE = (a, b) -> Long.signum(a.due() - b.due());

  private final @Nullable Entry[] entries;
  private int count;

  /** Makes room for so many. */
  public Due(int most) {
    entries = new @Nullable Entry[most];
  }

  boolean isFull() {
    return count == entries.length;
  }

  void add(Entry entry) {
    entries[count++] = entry;
  }

  /** How many there are. */
  public int size() {
    return count;
  }

  /** Puts them in order; those with the same deadline stay as they came. */
  public void sort() {
    for (int i = 1; i < count; i++) {
      if (BY_DEADLINE.compare(get(i - 1), get(i)) > 0) {
        Arrays.sort(entries, 0, count, BY_DEADLINE);
        return;
      }
    }
  }

  /** Returns one of them. */
  public Entry get(int index) {
    Entry entry = entries[index];
    if (entry == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return entry;
  }

  /** Forgets them. */
  public void clear() {
    Arrays.fill(entries, 0, count, null);
    count = 0;
  }
}
