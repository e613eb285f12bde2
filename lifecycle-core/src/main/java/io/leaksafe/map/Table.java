package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
   * Memory ordering. Links and values are volatile: read as acquires, written as releases.
   */
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Cell[].class);
  private static final int FIRST_LENGTH = 16;
  private static final int MOST_LENGTH = 1 << 30;

  volatile @Nullable Cell[] cells = new @Nullable Cell[FIRST_LENGTH];
  private volatile boolean growing;

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
        return null;
      }
      Thread.onSpinWait();
    }
  }

  /** Whether a walk that came to an end at the given cell has seen all of its chain. */
  final boolean isMissing(@Nullable Cell[] walked, @Nullable Cell last) {
    return (last == null || last.value != null) && !growing && cells == walked;
  }

  // ---- under the lock of the chain

  /** Links a cell at the end of its chain. */
  final void link(Cell cell) {
    @Nullable Cell[] now = cells;
    Cell last = first(now, cell.hash);
    if (last == null) {
      SLOT.setRelease(now, cell.hash & now.length - 1, cell);
      return;
    }
    for (Cell next = last.next; next != null; next = last.next) {
      last = next;
    }
    last.linkTo(cell);
  }

  /** Cuts a cell, which has lost its value, from its chain. */
  final void cut(Cell cell) {
    @Nullable Cell[] now = cells;
    Cell before = first(now, cell.hash);
    Cell rest = cell.next;
    if (before == cell) {
      SLOT.setRelease(now, cell.hash & now.length - 1, rest);
    } else {
      while (before != null && before.next != cell) {
        before = before.next;
      }
      if (before == null) {
        throw new AssertionError("A cell stands in no chain.");
      }
      before.linkTo(rest);
    }
    cell.linkTo(null);
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
  }
}
