package io.leaksafe.internal.wheel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Slots for entries, and the links between them, kept in arrays of ints: to link or unlink one writes no reference but the one
 * to the entry, and so meets the collector's barrier once.
 *
 * <p>Confined to the lock of its stripe.
 */
class Slab extends Padding {
  /*
   * Idea. A slot is an int. It has four links: its neighbours in the list of a point in time and those in the list of a group.
   * All lists are rings through a sentinel, a slot without an entry, so that unlinking needs to know neither the list nor its
   * end. The first slots are sentinels that stay for good.
   *
   * The arrays are flat, since one more step to each link costs a quarter of a schedule and cancel. They double when they are
   * full, but not beyond MOST slots: what is copied under the lock stays in the region of 100 µs, and who needs more takes
   * another stripe. MOST is a little less than 65,536, so that the array of the links, with its header, is no longer than
   * 1 MiB: G1 would give a longer one 2 MiB. When nearly all entries have left, those that are left move to small ones.
   *
   * Invariants.
   *   I1  In every ring, next(prev(s)) == s == prev(next(s)).
   *   I2  entry(s) is not null exactly for the slots in use that are no sentinels.
   *   I3  Free slots hang on free, by their first link, or lie at fresh or above. Only a sentinel in use is its own neighbour
   *       in the list of a group.
   */
  static final int SLOT_BITS = 16;

  /** Takes the slot out of the place of an entry. */
  static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

  /** As many slots as there may be. */
  static final int MOST = (1 << SLOT_BITS) - 64;

  static final int NEXT = 0;
  static final int PREV = 1;
  static final int GROUP_NEXT = 2;
  static final int GROUP_PREV = 3;

  private static final int LINKS = 4;
  static final int FEWEST = 1_024;

  /** With a sentinel for each of them, and those for good, so many have room in a slab of the fewest slots. */
  private static final int FEW = FEWEST / 8;

  private static final int NONE = -1;
  private static final int[] NO_LINKS = {};
  private static final Entry[] NO_ENTRIES = {};

  private final int forGood;
  private int[] links = NO_LINKS;
  private @Nullable Entry[] entries = NO_ENTRIES;
  int free = NONE;
  int fresh;
  private int standing;

  /** Makes one whose first slots are sentinels; nothing is allocated until {@link #open}. */
  Slab(int sentinels) {
    forGood = sentinels;
  }

  /** Makes room for entries; forgets those that were here. */
  void open() {
    int[] newLinks = new int[FEWEST * LINKS];
    entries = new Entry[FEWEST];
    links = newLinks; // last: there may be no memory
    free = NONE;
    fresh = 0;
    standing = 0;
    while (fresh < forGood) {
      ring(fresh++, NEXT);
    }
  }

  /** Forgets everything, and has no memory until it is opened again. */
  void clear() {
    links = NO_LINKS;
    entries = NO_ENTRIES;
    free = NONE;
    fresh = 0;
    standing = 0;
  }

  /** Whether few entries are left in much memory. */
  boolean isWaste() {
    return standing <= FEW && entries.length >= 4 * FEWEST;
  }

  /** The entries that stand in the rings of the sentinels that stay for good, in the order of these and within them. */
  Entry[] inOrder() {
    Entry[] all = new Entry[standing];
    int count = 0;
    for (int sentinel = 0; sentinel < forGood; sentinel++) {
      for (int slot = get(sentinel, NEXT); slot != sentinel; slot = get(slot, NEXT)) {
        all[count++] = standing(slot);
      }
    }
    return all;
  }

  /** How many entries there are. */
  int standing() {
    return standing;
  }

  /** How many slots there is memory for. */
  int capacity() {
    return entries.length;
  }

  /** Whether {@link #take} would find no slot. */
  boolean isFull() {
    return free == NONE && fresh == MOST;
  }

  int get(int slot, int link) {
    return links[slot * LINKS + link];
  }

  private void set(int slot, int link, int to) {
    links[slot * LINKS + link] = to;
  }

  /** The entry in a slot; null if there is none, or no such slot. */
  @Nullable
  Entry entry(int slot) {
    return slot < entries.length ? entries[slot] : null;
  }

  /** The entry in a slot that has one. */
  Entry standing(int slot) {
    Entry entry = entries[slot];
    if (entry == null) {
      throw new IllegalStateException("Slot " + slot + " has no entry.");
    }
    return entry;
  }

  /** Makes a slot the only one of a ring. */
  private void ring(int slot, int next) {
    set(slot, next, slot);
    set(slot, next + 1, slot);
  }

  /** Whether a sentinel is alone. */
  boolean isEmpty(int sentinel, int next) {
    return get(sentinel, next) == sentinel;
  }

  /** Puts a slot at the end of the ring of a sentinel: before it. */
  void append(int sentinel, int slot, int next) {
    int[] all = links;
    int end = sentinel * LINKS + next + 1;
    int last = all[end];
    all[end] = slot;
    all[last * LINKS + next] = slot;
    all[slot * LINKS + next] = sentinel;
    all[slot * LINKS + next + 1] = last;
  }

  /** Takes a slot out of its ring; returns the sentinel if nothing else is left of it, or less than zero. */
  int remove(int slot, int next) {
    int[] all = links;
    int after = all[slot * LINKS + next];
    int before = all[slot * LINKS + next + 1];
    all[before * LINKS + next] = after;
    all[after * LINKS + next + 1] = before;
    return after == before ? after : NONE;
  }

  /**
   * Notes the slots in the list of a sentinel, the first ones if there are more than {@code most}; returns how many.
   *
   * <p>Where a link leads is known once it has been fetched from memory, and only then can the next be fetched. The list is
   * followed from both ends, so that two are on their way at a time; if they do not meet, what was noted of its end is written
   * over.
   */
  int note(int sentinel, int[] into, int from, int most) {
    int[] all = links;
    int front = all[sentinel * LINKS];
    int back = all[sentinel * LINKS + 1];
    int head = from;
    int tail = from + most;
    boolean met = front == sentinel;
    while (!met && head + 1 < tail) {
      into[head++] = front;
      met = front == back;
      if (!met) {
        into[--tail] = back;
        front = all[front * LINKS];
        met = front == back;
        back = all[back * LINKS + 1];
      }
    }
    if (met) {
      int rest = from + most - tail;
      System.arraycopy(into, tail, into, head, rest);
      return head - from + rest;
    }
    for (; front != sentinel && head < from + most; front = all[front * LINKS]) {
      into[head++] = front;
    }
    return head - from;
  }

  /** Takes all that stand before the given one out of the ring of a sentinel, which may itself be the given one. */
  void cutBefore(int slot, int sentinel, int next) {
    set(sentinel, next, slot);
    set(slot, next + 1, sentinel);
  }

  /**
   * Takes a free slot for an entry.
   *
   * @throws IllegalStateException if there is none
   */
  int take(Entry entry) {
    int slot = slot();
    entries[slot] = entry;
    standing++;
    return slot;
  }

  /** Takes a free slot for a sentinel of a group, in a ring of its own. */
  int takeSentinel() {
    int slot = slot();
    ring(slot, GROUP_NEXT);
    return slot;
  }

  private int slot() {
    int slot = free;
    if (slot != NONE) {
      free = links[slot * LINKS];
      return slot;
    }
    if (fresh == entries.length) {
      grow();
    }
    return fresh++;
  }

  private void grow() {
    if (isFull()) {
      throw new IllegalStateException("There is no free slot.");
    }
    int more = Math.min(2 * entries.length, MOST);
    Entry[] moreEntries = Arrays.copyOf(entries, more);
    links = Arrays.copyOf(links, more * LINKS); // last: there may be no memory
    entries = moreEntries;
  }

  /** Gives the slot of an entry back, which stands in no ring any more. */
  void give(int slot) {
    entries[slot] = null;
    links[slot * LINKS] = free;
    free = slot;
    standing--;
  }

  /** Gives the slot of a group's sentinel back, which is alone. */
  void giveSentinel(int slot) {
    set(slot, GROUP_NEXT, NONE);
    set(slot, NEXT, free);
    free = slot;
  }

  /** One that shares no cache line with another. */
  static final class Apart extends Slab {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

    Apart(int sentinels) {
      super(sentinels);
    }
  }
}
