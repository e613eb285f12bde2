package io.leaksafe.map;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cells in the order in which they were added: 4.3 bytes for each, and nothing in the cells themselves.
 *
 * <p>Not thread-safe: used under one lock.
 */
final class CellQueue {
  /*
   * Idea. A chain of chunks, arrays whose slot 0 links to the next one; the first has 7 slots, so that a small map stays small,
   * and the others 63. Cells are added behind the last one and taken before the first, so nothing is ever copied to grow, and
   * most stores go to a young array, where G1's barrier is cheap. A chunk that is used up loses its link: in the old
   * generation it would keep all later chunks from being collected.
   *
   * Dead slots. A cell that leaves the map from the middle stays here until it is met. The owner counts it by died(); once more
   * than half of all slots are dead, every further operation sweeps one chunk: what is alive moves forward into the chunk
   * before it, and a chunk that has become empty is unlinked. So a queue has at most about twice as many slots as live cells,
   * and no operation takes longer than one chunk. Where cells leave in the order in which they came, each is the first one when
   * it does, and none is ever dead: a collection that finds dead cells copies them, and then keeps them in its old generation.
   *
   * Invariants.
   *   I1  Slots before first in the head, and from end on in the tail, are null. Between them, cells and nulls.
   *   I2  slots is the number of cells in it, live or dead.
   *   I3  While a sweep is under way, into is a chunk of the chain, and at its slots from intoEnd on are only nulls.
   */
  private static final int FIRST_CHUNK = 8;
  private static final int CHUNK = 64;
  private static final int FEW = 32;

  private @Nullable Object @Nullable [] head;
  private @Nullable Object @Nullable [] tail;
  private int first = 1;
  private int end = 1;
  private int slots;
  private int dead;
  private @Nullable Object @Nullable [] into;
  private int intoEnd;

  /** Adds a cell as the last one. */
  void add(Cell cell) {
    @Nullable Object[] last = tail;
    if (last == null || end == last.length) {
      last = extend(last);
    }
    last[end++] = cell;
    slots++;
  }

  private @Nullable Object[] extend(@Nullable Object @Nullable [] last) {
    @Nullable Object[] chunk = new @Nullable Object[last == null ? FIRST_CHUNK : CHUNK];
    if (last == null) {
      head = chunk;
      first = 1;
    } else {
      last[0] = chunk;
    }
    tail = chunk;
    end = 1;
    return chunk;
  }

  /** Looks at the first cell, live or dead; null if there is none. */
  @Nullable
  Cell peek() {
    for (@Nullable Object[] chunk = head; chunk != null; chunk = head) {
      int limit = chunk == tail ? end : chunk.length;
      for (; first < limit; first++) {
        Cell cell = (Cell) chunk[first];
        if (cell != null) {
          return cell;
        }
      }
      if (chunk == tail) {
        first = 1; // all slots are null: begin anew in the same chunk
        end = 1;
        into = null;
        return null;
      }
      dropHead(chunk);
    }
    return null;
  }

  private void dropHead(@Nullable Object[] chunk) {
    head = nextOf(chunk);
    first = 1;
    chunk[0] = null;
    if (into == chunk) {
      into = null;
    }
  }

  private static @Nullable Object @Nullable [] nextOf(@Nullable Object[] chunk) {
    return (@Nullable Object[]) chunk[0];
  }

  /** Takes the first cell, live or dead; null if there is none. */
  @Nullable
  Cell poll() {
    Cell cell = peek();
    if (cell != null && head != null) {
      head[first++] = null;
      slots--;
    }
    return cell;
  }

  /** Passes on every cell, live or dead, in order. */
  void forEach(Consumer<Cell> consumer) {
    int start = first;
    for (@Nullable Object[] chunk = head; chunk != null; chunk = nextOf(chunk)) {
      int limit = chunk == tail ? end : chunk.length;
      for (int i = start; i < limit; i++) {
        if (chunk[i] instanceof Cell cell) {
          consumer.accept(cell);
        }
      }
      start = 1;
    }
  }

  /** How many cells are in it, live or dead. */
  int slots() {
    return slots;
  }

  /** How many of them are dead, as far as has been told. */
  int dead() {
    return dead;
  }

  /** As {@link #died()}, of a given cell: if it is the first one, its slot is free at once, with those of dead ones behind it. */
  void died(Cell cell) {
    if (peek() != cell) {
      died();
      return;
    }
    poll();
    Cell next = peek();
    for (int i = 0; i < CHUNK && next != null && next.value == null; i++) {
      poll();
      buried();
      next = peek();
    }
  }

  /** One of its cells has left the map, or stands somewhere else. */
  void died() {
    dead++;
    sweep();
  }

  /** A dead cell was polled. */
  void buried() {
    dead--;
  }

  /** Goes on with a sweep, or begins one if there is much to sweep. */
  private void sweep() {
    @Nullable Object[] target = into;
    if (target != null) {
      sweepNext(target);
    } else if (dead > FEW && dead * 2 > slots && head != null) {
      into = head;
      intoEnd = first;
      sweepInto(head, head, first);
    }
  }

  private void sweepNext(@Nullable Object[] target) {
    @Nullable Object[] from = nextOf(target);
    if (from == null) {
      into = null;
      return;
    }
    if (target == head) {
      intoEnd = Math.max(intoEnd, first);
    }
    sweepInto(target, from, 1);
  }

  /** Moves what is alive in one chunk to the end of what has been swept. */
  private void sweepInto(@Nullable Object[] target, @Nullable Object[] from, int start) {
    boolean last = from == tail;
    int limit = last ? end : from.length;
    int kept = target == from ? intoEnd : 1;
    boolean full = target == from;
    for (int i = start; i < limit; i++) {
      Cell cell = (Cell) from[i];
      from[i] = null;
      if (cell == null) {
        continue;
      }
      if (cell.value == null) {
        slots--;
        dead--;
      } else if (!full && intoEnd < target.length) {
        target[intoEnd++] = cell;
      } else {
        from[kept++] = cell;
      }
    }
    if (target != from && kept == 1) {
      unlink(target, from, last);
    } else {
      into = last ? null : from;
      intoEnd = kept;
      end = last ? kept : end;
    }
  }

  private void unlink(@Nullable Object[] before, @Nullable Object[] empty, boolean last) {
    before[0] = empty[0];
    empty[0] = null;
    if (last) {
      tail = before;
      end = intoEnd;
      into = null;
    }
  }
}
