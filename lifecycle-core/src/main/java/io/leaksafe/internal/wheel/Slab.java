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
   * Idea. A slot is an int. Slots come in chunks of 1,024, so that growing copies nothing and stops nobody, and an empty chunk
   * is given back. A slot has four links: its neighbours in the list of a point in time and those in the list of a group. All
   * lists are rings through a sentinel, a slot without an entry, so that unlinking needs to know neither the list nor its end.
   *
   * Chunk 0 is never given back; its first slots are the sentinels of the wheel. One empty chunk is kept as long as there is
   * more than a little in use, so that churn around the edge of a chunk does not make and drop it over and over.
   *
   * Invariants.
   *   I1  In every list, next(prev(s)) == s == prev(next(s)).
   *   I2  entry(s) is not null exactly for slots that are in use and no sentinel.
   *   I3  used[c] counts the slots of chunk c that are in use; the free ones below fresh[c] hang on free[c].
   *   I4  The bit of c in withFree is set exactly when the chunk exists and has a free slot.
   */
  static final int CHUNK_BITS = 10;
  static final int CHUNK = 1 << CHUNK_BITS;

  /** As many slots as the place of an entry has room for. */
  static final int SLOT_BITS = 24;

  static final int MOST = 1 << SLOT_BITS;

  private static final int MASK = CHUNK - 1;

  /** A little more than the sentinels of a wheel. */
  private static final int FEW = 3 * CHUNK / 4;

  private static final int NONE = -1;

  /** The small arrays leave two cache lines unused at both ends: their neighbours in memory may be another stripe's. */
  static final int APART = 32;

  /** What is known of a chunk, in heads: its first free slot, how many slots have ever been taken, how many are in use. */
  private static final int FREE = 0;

  private static final int FRESH = 1;
  private static final int USED = 2;
  private static final int FIELDS = 4;
  private static final int[] NO_LINKS = {};
  private static final Entry[] NO_ENTRIES = {};

  static final int NEXT = 0;
  static final int PREV = 1;
  static final int GROUP_NEXT = 2;
  static final int GROUP_PREV = 3;

  private int[][] links;
  private @Nullable Entry[][] entries;
  private int[] heads = new int[2 * APART + FIELDS];
  private long[] withFree = new long[2 * APART + 1];
  private int current;
  private int spare = NONE;
  private int total;

  Slab() {
    links = new int[][] {new int[CHUNK << 2]};
    entries = new Entry[][] {new Entry[CHUNK]};
    heads[APART + FREE] = NONE;
    withFree[APART] = 1;
  }

  /** How many slots are in use, sentinels among them. */
  int used() {
    return total;
  }

  /** Forgets everything; nothing can be taken from then on. */
  void clear() {
    links = new int[][] {NO_LINKS};
    entries = new Entry[][] {NO_ENTRIES};
    total = 0;
  }

  /** How many slots there is memory for. */
  int capacity() {
    int chunks = 0;
    for (int[] chunk : links) {
      chunks += chunk.length == 0 ? 0 : 1;
    }
    return chunks * CHUNK;
  }

  int get(int slot, int link) {
    return links[slot >>> CHUNK_BITS][(slot & MASK) << 2 | link];
  }

  void set(int slot, int link, int to) {
    links[slot >>> CHUNK_BITS][(slot & MASK) << 2 | link] = to;
  }

  @Nullable
  Entry entry(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    return chunk < entries.length && entries[chunk].length != 0
        ? entries[chunk][slot & MASK]
        : null;
  }

  /** The entry in a slot that has one. */
  Entry standing(int slot) {
    Entry entry = entry(slot);
    if (entry == null) {
      throw new IllegalStateException("Slot " + slot + " has no entry.");
    }
    return entry;
  }

  /** Adds to a link that is used as a number; returns the sum. */
  int add(int slot, int link, int more) {
    return links[slot >>> CHUNK_BITS][(slot & MASK) << 2 | link] += more;
  }

  /** Makes a slot the only one of a ring. */
  void ring(int slot, int next) {
    set(slot, next, slot);
    set(slot, next + 1, slot);
  }

  /** Puts a slot at the end of the ring of a sentinel: before it. */
  void append(int sentinel, int slot, int next) {
    int last = get(sentinel, next + 1);
    int[] own = links[slot >>> CHUNK_BITS];
    int at = (slot & MASK) << 2 | next;
    own[at] = sentinel;
    own[at + 1] = last;
    set(last, next, slot);
    set(sentinel, next + 1, slot);
  }

  /** Takes a slot out of its ring; returns the sentinel if nothing else is left of it, or less than zero. */
  int remove(int slot, int next) {
    int[] own = links[slot >>> CHUNK_BITS];
    int at = (slot & MASK) << 2 | next;
    int after = own[at];
    int before = own[at + 1];
    set(before, next, after);
    set(after, next + 1, before);
    return after == before ? after : NONE;
  }

  /**
   * Takes a free slot for an entry, or for a sentinel.
   *
   * @throws IllegalStateException if there is none
   */
  int take(@Nullable Entry entry) {
    int chunk = current;
    if (isFull(chunk)) {
      chunk = chunkWithFree();
      current = chunk;
    }
    int at = at(chunk);
    int slot = heads[at + FREE];
    if (slot == NONE) {
      slot = chunk << CHUNK_BITS | heads[at + FRESH]++;
    } else {
      heads[at + FREE] = get(slot, NEXT);
    }
    if (isFull(chunk)) {
      withFree[APART + (chunk >>> 6)] &= ~(1L << chunk);
    }
    if (chunk == spare) {
      spare = NONE;
    }
    heads[at + USED]++;
    total++;
    entries[chunk][slot & MASK] = entry;
    return slot;
  }

  private static int at(int chunk) {
    return APART + chunk * FIELDS;
  }

  private boolean isFull(int chunk) {
    int at = at(chunk);
    return heads[at + FREE] == NONE && heads[at + FRESH] == CHUNK;
  }

  /** Gives a slot back that stands in no list any more. */
  void give(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    int at = at(chunk);
    entries[chunk][slot & MASK] = null;
    set(slot, NEXT, heads[at + FREE]);
    heads[at + FREE] = slot;
    withFree[APART + (chunk >>> 6)] |= 1L << chunk;
    total--;
    if (--heads[at + USED] == 0 && chunk != 0) {
      if (spare != NONE || total < FEW) {
        drop(chunk);
      } else {
        spare = chunk;
      }
    } else if (spare != NONE && total < FEW) {
      drop(spare);
      spare = NONE;
    }
  }

  private int chunkWithFree() {
    for (int word = APART; word < withFree.length - APART; word++) {
      if (withFree[word] != 0) {
        return word - APART << 6 | Long.numberOfTrailingZeros(withFree[word]);
      }
    }
    return newChunk();
  }

  private int newChunk() {
    int chunk = 0;
    while (chunk < links.length && links[chunk].length != 0) {
      chunk++;
    }
    if (chunk == MOST >>> CHUNK_BITS) {
      throw new IllegalStateException(
          "More than " + MOST + " timers are pending, which is as many as there is room for. "
              + "Close those that are not needed.");
    }
    int[] newLinks = new int[CHUNK << 2];
    Entry[] newEntries = new Entry[CHUNK]; // before anything is changed: there may be no memory
    if (chunk == links.length) {
      grow(2 * chunk);
    }
    links[chunk] = newLinks;
    entries[chunk] = newEntries;
    heads[at(chunk) + FREE] = NONE;
    heads[at(chunk) + FRESH] = 0;
    heads[at(chunk) + USED] = 0;
    withFree[APART + (chunk >>> 6)] |= 1L << chunk;
    return chunk;
  }

  private void grow(int chunks) {
    int from = links.length;
    int[][] moreLinks = Arrays.copyOf(links, chunks);
    Entry[][] moreEntries = Arrays.copyOf(entries, chunks);
    int[] moreHeads = Arrays.copyOf(heads, 2 * APART + chunks * FIELDS);
    withFree = Arrays.copyOf(withFree, 2 * APART + ((chunks + 63) >>> 6));
    Arrays.fill(moreLinks, from, chunks, NO_LINKS);
    Arrays.fill(moreEntries, from, chunks, NO_ENTRIES);
    heads = moreHeads;
    links = moreLinks;
    entries = moreEntries;
  }

  private void drop(int chunk) {
    links[chunk] = NO_LINKS;
    entries[chunk] = NO_ENTRIES;
    heads[at(chunk) + FREE] = NONE;
    heads[at(chunk) + FRESH] = CHUNK; // nothing to take here
    withFree[APART + (chunk >>> 6)] &= ~(1L << chunk);
  }

  /** One that shares no cache line with another. */
  static final class Apart extends Slab {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
  }
}
