package io.leaksafe.internal.wheel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cancelled entries, each with its place, on their way to the stripe where they stand, whose slots are to be freed there. */
final class Mail {

  /** Where something was that has been taken out; no stripe has an index as high as that. */
  static final int TAKEN = -1;

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

  /** Takes out all that goes to the same stripe as the one with this index, which has not been taken; their places are slots. */
  Mail takeFrom(int index) {
    int stripe = slots[index] >>> Slab.SLOT_BITS;
    int same = 0;
    for (int i = index; i < count; i++) {
      same += slots[i] >>> Slab.SLOT_BITS == stripe ? 1 : 0;
    }
    Mail taken = new Mail(same);
    for (int i = index; i < count; i++) {
      if (slots[i] >>> Slab.SLOT_BITS == stripe) {
        taken.add(slots[i] & Slab.SLOT_MASK, entry(i));
        slots[i] = TAKEN;
      }
    }
    return taken;
  }

  void clear() {
    Arrays.fill(entries, 0, count, null);
    count = 0;
  }
}
