package io.leaksafe.internal.wheel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cancelled entries, each with its place, on their way to the stripe where they stand, whose slots are to be freed there. */
final class Mail {

  final int[] slots;
  private final @Nullable Entry[] entries;
  int count;

  /** The mail that was in the box before, and how many of them there are with this one. Set before it is put there. */
  @Nullable
  Mail next;

  int depth = 1;

  Mail(int most) {
    slots = new int[most];
    entries = new @Nullable Entry[most];
  }

  boolean isFull() {
    return count == slots.length;
  }

  void add(int slot, Entry entry) {
    slots[count] = slot;
    entries[count++] = entry;
  }

  Entry entry(int index) {
    Entry entry = entries[index];
    if (entry == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return entry;
  }

  void clear() {
    Arrays.fill(entries, 0, count, null);
    count = 0;
  }
}
