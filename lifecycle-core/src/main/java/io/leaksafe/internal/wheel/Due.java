package io.leaksafe.internal.wheel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Entries that are due, taken out of a stripe in one go and then fired by whoever took them, in the order of their deadlines. */
public final class Due {
  /*
   * When each was due is noted, not asked: an entry may be disarmed and added anew before it is fired, and an order that
   * changes while something is sorted is none. What is sorted are numbers, an entry's deadline above and its index below, so
   * those with the same deadline stay as they came.
   *
   * Adding takes steps. Each entry lies somewhere else in memory, and a processor fetches several at a time only as long as
   * it knows where they lie and nothing is locked in between; to write a reference to one into an array that is old is to
   * lock, where the collector is G1. So the slots are noted first, then all entries are looked at, which writes numbers, and
   * then they are added.
   */
  private final @Nullable Entry[] entries;
  private final long[] dues;
  private final long[] order;
  private final int[] slots;
  private final int indexBits;
  private int count;

  /** Makes room for so many. */
  public Due(int most) {
    entries = new @Nullable Entry[most];
    dues = new long[most];
    order = new long[most];
    slots = new int[most];
    indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  boolean isFull() {
    return count == entries.length;
  }

  /** How many there is room for in all. */
  int most() {
    return entries.length;
  }

  /** Where the slots of entries that may be added are to be noted, at indices that are not less than {@link #size}. */
  int[] slots() {
    return slots;
  }

  /** Notes when the entry is due whose slot was noted at an index. */
  void look(int index, long nanos) {
    dues[index] = nanos;
  }

  /** The slot that was noted at an index. */
  int slot(int index) {
    return slots[index];
  }

  /** Adds the entry of which something was noted at an index, which is not less than {@link #size}. */
  void add(Entry entry, int index) {
    entries[count] = entry;
    dues[count] = dues[index];
    order[count] = count;
    count++;
  }

  /** How many there are. */
  public int size() {
    return count;
  }

  /** Puts them in order; those with the same deadline stay as they came. */
  public void sort() {
    for (int i = 1; i < count; i++) {
      if (dues[i] - dues[i - 1] < 0) {
        sortAll();
        return;
      }
    }
  }

  private void sortAll() {
    long least = dues[0];
    for (int i = 1; i < count; i++) {
      least = dues[i] - least < 0 ? dues[i] : least;
    }
    long span = 0;
    for (int i = 0; i < count; i++) {
      span = Math.max(span, dues[i] - least);
    }
    // months apart, nanoseconds do not fit, nor matter
    int coarser = Math.max(0, indexBits + 1 - Long.numberOfLeadingZeros(span));
    for (int i = 0; i < count; i++) {
      order[i] = dues[i] - least >>> coarser << indexBits | i;
    }
    Arrays.sort(order, 0, count);
  }

  /** Returns one of them. */
  public Entry get(int index) {
    Entry entry = index < count ? entries[(int) order[index] & (1 << indexBits) - 1] : null;
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
