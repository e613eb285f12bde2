package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One entry: link of its chain, key, value, and what the policy knows of it. 32 bytes. */
class Cell {
  /*
   * value   null once the entry has left; never set again then. Goes to null under the lock of the shard alone; from one value
   *         to another by CAS without it, or under it. Proof: jcstress ValueAgainstEviction.
   * next    the rest of the chain; changes under the lock of the shard. A cell that is cut from its chain first loses its
   *         value, then its next: a reader that stands on it sees the end of the chain on a dead cell, and starts again. Were
   *         next kept, a dead cell in an old generation would keep all later cells of its chain from being collected.
   * freq    how often it was read, up to 3; plain and racy, written by readers.
   * queue   where the policy has it; under the lock.
   * place   the bucket of the wheel in which it stands, as an unsigned number; under the lock.
   * seen    in which part of the idle time a read last moved its deadline on (Expiry); written by readers.
   */
  static final byte NOWHERE = 0;
  static final byte WINDOW = 1;
  static final byte MAIN = 2;
  static final byte IN_ORDER = 3;
  static final byte COMING = 4;

  static final byte MOST_READ = 3;

  private static final VarHandle VALUE;
  private static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VALUE = lookup.findVarHandle(Cell.class, "value", Object.class);
      NEXT = lookup.findVarHandle(Cell.class, "next", Cell.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int hash;
  final Object key;
  volatile @Nullable Object value;
  volatile @Nullable Cell next;
  byte freq;
  byte queue;
  byte place;
  byte seen;

  Cell(int hash, Object key, Object value) {
    this.hash = hash;
    this.key = key;
    VALUE.set(this, value); // plain: it is linked by a release store
  }

  /** The value of a cell that is on its way in, and so has one. */
  final Object first() {
    Object first = value;
    if (first == null) {
      throw new AssertionError("A new cell has lost its value.");
    }
    return first;
  }

  /** A cell with a value, and the times and weight of this one. */
  Cell again(Object value) {
    return new Cell(hash, key, value);
  }

  final boolean replace(Object expected, Object update) {
    return VALUE.compareAndSet(this, expected, update);
  }

  /** Takes the value away for good; null if it has none. */
  final @Nullable Object kill() {
    return VALUE.getAndSet(this, (Object) null);
  }

  /** As {@link #kill}, if nobody has to hear of the last value: cheaper, since a value that is put meanwhile is just lost. */
  final void killQuietly() {
    VALUE.setRelease(this, (Object) null);
  }

  final boolean killIf(Object expected) {
    return VALUE.compareAndSet(this, expected, (Object) null);
  }

  final void linkTo(@Nullable Cell following) {
    NEXT.setRelease(this, following);
  }

  int weight() {
    return 1;
  }
}
