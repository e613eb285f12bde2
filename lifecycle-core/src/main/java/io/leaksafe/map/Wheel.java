package io.leaksafe.map;

import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the cells of a shard by when their time is over. Adding, and moving a deadline, cost the same however many there are.
 *
 * <p>Knows no clock: whoever uses it passes the time in. Used under the lock of the shard. After Varghese and Lauck, "Hashed and
 * Hierarchical Timing Wheels", 1997.
 */
final class Wheel {
  /*
   * Idea. A tick is 2^20 ns, about a millisecond. The digits of a tick in base 32 say where a cell stands: at the level of
   * the highest digit that differs from now, in the bucket of that digit. When time comes to a bucket of a higher level, its
   * cells are placed again, further down. Deadlines are rounded up, so a cell is late by up to a tick and never early.
   *
   * What lies ahead is more than now, so the highest digit that differs is never zero. That leaves 31 buckets a level, and 7 of
   * the ninth, since a long has 43 bits of ticks: 255 in all. So one byte of a cell says where it stands, or with zero that it
   * stands nowhere.
   *
   * A deadline that moves on leaves its cell where it is: it is placed again when the bucket's time comes. One that moves
   * nearer has it placed at once; the slot it leaves behind is dead, which its place, the number of the bucket, says. So a
   * cell stands where place says, and all its other slots are dead.
   *
   * What has left the map is swept out of its bucket like out of any queue (CellQueue), and an entry that is overwritten ten
   * times in its lifetime does not leave ten traces.
   *
   * A bucket whose time has come is emptied in portions, so that nobody waits for 100,000 entries under the lock; time goes on
   * here when it is empty.
   *
   * Invariants.
   *   I1  A bucket with cells at a level lies after the digit of current there, and all higher digits are the same.
   *   I2  occupied has a bit for each bucket that is there.
   */
  private static final int TICK_SHIFT = 20;
  private static final int DIGIT = 5;
  private static final int DIGITS = 1 << DIGIT;
  private static final int LEVELS = 9;
  private static final int BUCKETS = DIGITS - 1;
  private static final int PLACES = 255;
  private static final long LAST_TICK = Long.MAX_VALUE >>> TICK_SHIFT;

  /** The length of a tick. */
  static final long TICK = 1L << TICK_SHIFT;

  /** A deadline that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private final @Nullable CellQueue[] @Nullable [] levels = new @Nullable CellQueue[LEVELS][];
  private final int[] occupied = new int[LEVELS];
  private long current;
  private @Nullable CellQueue due;
  private int duePlace;

  /** Decides what becomes of a cell whose time seems to be over. */
  interface Sink {
    /** Takes the cell out of the map, unless its deadline has moved on: then returns false. */
    boolean expire(TimedCell cell);
  }

  Wheel(long now) {
    current = now >>> TICK_SHIFT;
  }

  private static long tickOf(long nanos) {
    return Math.min(nanos + TICK - 1 >>> TICK_SHIFT, LAST_TICK);
  }

  /**
   * Places a cell that stands nowhere.
   *
   * @return when it has to be looked at: by then, {@link #advance} has to be called
   */
  long place(TimedCell cell) {
    long deadline = cell.deadline;
    if (deadline == NEVER) {
      cell.place = 0;
      return NEVER;
    }
    long tick = Math.max(tickOf(deadline), current + 1);
    int level = (63 - Long.numberOfLeadingZeros(tick ^ current)) / DIGIT;
    int digit = (int) (tick >>> level * DIGIT) & DIGITS - 1;
    bucket(level, digit).add(cell);
    cell.place = (byte) (level * BUCKETS + digit);
    return tick >>> level * DIGIT << level * DIGIT + TICK_SHIFT;
  }

  private CellQueue bucket(int level, int digit) {
    @Nullable CellQueue[] buckets = levels[level];
    if (buckets == null) {
      buckets = new @Nullable CellQueue[DIGITS];
      levels[level] = buckets;
    }
    CellQueue bucket = buckets[digit];
    if (bucket == null) {
      bucket = new CellQueue();
      buckets[digit] = bucket;
      occupied[level] |= 1 << digit;
    }
    return bucket;
  }

  /** A cell's deadline has moved: places it again if its bucket's time would come too late. */
  long moved(TimedCell cell) {
    int place = placeOf(cell);
    if (place != 0
        && (due != null && place == duePlace || startOf(place) <= tickOf(cell.deadline))) {
      return NEVER;
    }
    leave(cell);
    return place(cell);
  }

  /** The first tick of a bucket that lies ahead. */
  private long startOf(int place) {
    return firstTick(levelOf(place), digitOf(place));
  }

  /** A cell has left the map. */
  void leave(Cell cell) {
    int place = placeOf(cell);
    cell.place = 0;
    if (place == 0) {
      return;
    }
    CellQueue queue = place == duePlace && due != null ? due : queueAt(place);
    if (queue != null) {
      queue.died(cell);
    }
  }

  private static int placeOf(Cell cell) {
    return Byte.toUnsignedInt(cell.place);
  }

  private static int levelOf(int place) {
    return (place - 1) / BUCKETS;
  }

  private static int digitOf(int place) {
    return (place - 1) % BUCKETS + 1;
  }

  private long firstTick(int level, int digit) {
    int above = (level + 1) * DIGIT;
    return current >>> above << above | (long) digit << level * DIGIT;
  }

  private @Nullable CellQueue queueAt(int place) {
    @Nullable CellQueue[] buckets = levels[levelOf(place)];
    return buckets == null ? null : buckets[digitOf(place)];
  }

  /** When {@link #advance} has to be called next. */
  long next() {
    if (due != null) {
      return current << TICK_SHIFT;
    }
    long tick = nextTick();
    return tick == NEVER ? NEVER : tick << TICK_SHIFT;
  }

  private long nextTick() {
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return firstTick(level, Integer.numberOfTrailingZeros(occupied[level]));
      }
    }
    return NEVER;
  }

  /**
   * Hands over what is due.
   *
   * @param portion how many cells to look at, at most
   * @return whether there is more to do
   */
  boolean advance(long now, int portion, Sink sink) {
    long tick = now >>> TICK_SHIFT;
    for (int looked = 0; due != null || open(tick); ) {
      for (Cell cell = pollDue(); cell != null; cell = pollDue()) {
        meet(cell, sink);
        if (++looked >= portion) {
          return true;
        }
      }
      due = null;
    }
    return false;
  }

  /** Passes on every live cell with the earliest time at which it may be over, going by its place. */
  void forEach(ObjLongConsumer<Cell> consumer) {
    if (due != null) {
      pass(due, duePlace, consumer);
    }
    for (int place = 1; place <= PLACES; place++) {
      CellQueue queue = queueAt(place);
      if (queue != null) {
        pass(queue, place, consumer);
      }
    }
  }

  /** How many places its buckets have, of live and dead cells. */
  int slots() {
    int slots = due == null ? 0 : due.slots();
    for (int place = 1; place <= PLACES; place++) {
      CellQueue queue = queueAt(place);
      slots += queue == null ? 0 : queue.slots();
    }
    return slots;
  }

  private void pass(CellQueue queue, int place, ObjLongConsumer<Cell> consumer) {
    queue.forEach(cell -> {
      if (cell.value != null && placeOf(cell) == place) {
        consumer.accept(cell, current << TICK_SHIFT);
      }
    });
  }

  private @Nullable Cell pollDue() {
    CellQueue queue = due;
    return queue == null ? null : queue.poll();
  }

  /** Goes on to the next bucket that is due; false if there is none. */
  private boolean open(long tick) {
    long next = nextTick();
    if (next > tick) {
      current = Math.max(current, tick);
      return false;
    }
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        int digit = Integer.numberOfTrailingZeros(occupied[level]);
        @Nullable CellQueue[] buckets = levels[level];
        if (buckets != null) {
          due = buckets[digit];
          buckets[digit] = null;
        }
        occupied[level] &= occupied[level] - 1;
        duePlace = level * BUCKETS + digit;
        current = next;
        return true;
      }
    }
    return false;
  }

  private void meet(Cell cell, Sink sink) {
    if (cell.value == null || placeOf(cell) != duePlace) {
      return;
    }
    TimedCell timed = (TimedCell) cell;
    cell.place = 0;
    if (tickOf(timed.deadline) > current || !sink.expire(timed)) {
      place(timed);
    }
  }

  /** Hands every cell on to the wheels of other shards, and is empty then. */
  void dealTo(Function<Cell, Wheel> to) {
    if (due != null) {
      deal(due, duePlace, to);
      due = null;
    }
    for (int place = 1; place <= PLACES; place++) {
      CellQueue queue = queueAt(place);
      if (queue != null) {
        deal(queue, place, to);
      }
    }
  }

  private static void deal(CellQueue queue, int place, Function<Cell, Wheel> to) {
    for (Cell cell = queue.poll(); cell != null; cell = queue.poll()) {
      if (cell.value != null && placeOf(cell) == place) {
        to.apply(cell).place((TimedCell) cell);
      }
    }
  }
}
