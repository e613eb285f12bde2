package io.leaksafe.map;

import io.leaksafe.internal.check.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A hash table whose nodes are the entries themselves: found without a lock, changed under the locks of those who use it. */
abstract class Table {
  /*
   * Idea. An array of chains. Whoever changes a chain holds the lock that guards it; whoever reads takes none. A new cell is
   * linked at the end of its chain by a release store, which its inserter has walked anyway: at the head, later and colder
   * keys would stand before hot ones.
   *
   * Cutting. A cell loses its value, then is unlinked, then loses its next. A reader that stands on it sees either the rest of
   * the chain, or the end of it on a cell without a value, and then starts again.
   *
   * Growth. Cells cannot be copied, since the policy refers to them. So the chains are split in place, in their old order, under
   * all locks: growing is set, the links change, the new array is stored, growing is cleared. A reader may be led astray
   * meanwhile, into the other half of its chain. If it finds its key all the same, that is right: the cell has a value. If
   * not, it looks whether growing is set or the array is another one, in this order, and starts again then. A hit pays
   * nothing for this. Read the other way round, a growth that ends between the two would go unseen.
   * Proof: jcstress GetAgainstGrowth and RemoveAgainstGrowth, whose twins do not look again, and take no lock.
   *
   * Crowds. Of one hash code a chain takes CROWDED cells; more of them, if their keys are comparable, stand beside the table
   * (Crowds). Only a miss looks there, and only once there has been a crowd.
   *
   * Memory ordering. Links and values are volatile: read as acquires, written as releases.
   */
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Cell[].class);
  private static final VarHandle CROWDS;
  private static final int FIRST_LENGTH = 16;
  private static final int MOST_LENGTH = 1 << 30;

  /** So many of one hash code are found as fast in a chain. */
  static final int CROWDED = 16;

  static {
    try {
      CROWDS = MethodHandles.lookup().findVarHandle(Table.class, "crowds", Crowds.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  volatile @Nullable Cell[] cells = new @Nullable Cell[FIRST_LENGTH];
  private volatile boolean growing;
  private volatile @Nullable Crowds crowds;

  /** Spreads a hash code: patterned keys must fall neither into one bucket nor into one shard. */
  static int spread(int hashCode) {
    int spread = hashCode * 0x9E3779B9;
    return spread ^ spread >>> 16;
  }

  static @Nullable Cell first(@Nullable Cell[] cells, int hash) {
    return (Cell) SLOT.getAcquire(cells, hash & cells.length - 1);
  }

  /** Finds the live cell of a key. Without a lock; under the lock, too. */
  final @Nullable Cell find(int hash, Object key) {
    for (; ; ) {
      @Nullable Cell[] now = cells;
      Cell last = null;
      for (Cell cell = first(now, hash); cell != null; cell = cell.next) {
        if (cell.hash == hash && (cell.key == key || key.equals(cell.key)) && cell.value != null) {
          return cell;
        }
        last = cell;
      }
      if (isMissing(now, last)) {
        Crowds others = crowds;
        return others == null ? null : others.find(hash, key);
      }
      Thread.onSpinWait();
    }
  }

  /** Whether keys may stand beside the table. */
  final boolean hasCrowds() {
    return crowds != null;
  }

  /** Passes on the cells that stand beside the table and whose hashes are wanted. */
  final void forEachInCrowds(IntPredicate hashes, Consumer<Cell> consumer) {
    Crowds others = crowds;
    if (others != null) {
      others.forEach(hashes, consumer);
    }
  }

  /** Whether a walk that came to an end at the given cell has seen all of its chain. */
  final boolean isMissing(@Nullable Cell[] walked, @Nullable Cell last) {
    return (last == null || last.value != null) && !growing && cells == walked;
  }

  // ---- under the lock of the chain

  /** Links a cell: at the end of its chain, or beside the table if that has many of its hash. */
  final void link(Cell cell) {
    @Nullable Cell[] now = cells;
    Crowds others = crowds;
    if (others != null && others.follow(cell)) {
      return;
    }
    Cell last = first(now, cell.hash);
    if (last == null) {
      SLOT.setRelease(now, cell.hash & now.length - 1, cell);
      return;
    }
    int equals = last.hash == cell.hash ? 1 : 0;
    for (Cell next = last.next; next != null; next = last.next) {
      last = next;
      equals += next.hash == cell.hash ? 1 : 0;
    }
    if (equals < CROWDED || !crowds().add(cell)) {
      last.linkTo(cell);
    }
  }

  private Crowds crowds() {
    if (crowds == null) {
      CROWDS.compareAndSet(this, (Crowds) null, new Crowds()); // another shard may be as far
    }
    return Check.notNull(crowds, "crowds");
  }

  /** Cuts a cell, which has lost its value, from where it stands. */
  final void cut(Cell cell) {
    @Nullable Cell[] now = cells;
    Cell before = first(now, cell.hash);
    if (before == cell) {
      SLOT.setRelease(now, cell.hash & now.length - 1, cell.next);
      cell.linkTo(null);
      return;
    }
    while (before != null && before.next != cell) {
      before = before.next;
    }
    if (before != null) {
      before.linkTo(cell.next);
      cell.linkTo(null);
      return;
    }
    Crowds others = crowds;
    if (others == null) {
      throw new AssertionError("A cell stands in no chain.");
    }
    others.cut(cell);
  }

  // ---- under all locks

  static boolean canDouble(@Nullable Cell[] cells) {
    return cells.length < MOST_LENGTH;
  }

  final void doubleLength() {
    @Nullable Cell[] old = cells;
    int length = old.length;
    @Nullable Cell[] fresh = new @Nullable Cell[2 * length];
    growing = true;
    for (int bucket = 0; bucket < length; bucket++) {
      split(old[bucket], bucket, length, fresh);
    }
    cells = fresh;
    growing = false;
  }

  private static void split(@Nullable Cell chain, int bucket, int length, @Nullable Cell[] fresh) {
    Cell low = null;
    Cell high = null;
    Cell next;
    for (Cell cell = chain; cell != null; cell = next) {
      next = cell.next;
      if ((cell.hash & length) == 0) {
        append(fresh, bucket, low, cell);
        low = cell;
      } else {
        append(fresh, bucket + length, high, cell);
        high = cell;
      }
    }
    end(low);
    end(high);
  }

  private static void append(@Nullable Cell[] fresh, int bucket, @Nullable Cell last, Cell cell) {
    if (last == null) {
      fresh[bucket] = cell;
    } else if (last.next != cell) {
      last.linkTo(cell);
    }
  }

  private static void end(@Nullable Cell last) {
    if (last != null && last.next != null) {
      last.linkTo(null);
    }
  }

  /** Empties it at once; whoever reads finds nothing. */
  final void drop() {
    cells = new @Nullable Cell[1];
    Crowds others = crowds;
    if (others != null) {
      others.clear();
      crowds = null;
    }
  }
}
