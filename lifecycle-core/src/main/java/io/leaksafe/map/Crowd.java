package io.leaksafe.map;

import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The cells of one hash code beyond the first few, sorted by their keys, which are comparable and of one class. */
final class Crowd {
  /*
   * Idea. Keys of one hash code stand in one chain, whatever the table's length. So a chain takes a few of them, and the rest,
   * if they can be compared, stand here instead: found without a lock, changed under the lock of their shard, in some ten
   * comparisons among a thousand. A key never moves between the two; lookups go through the chain first.
   *
   * A cell that takes the place of another one of its key (Shards.relink) is linked behind that, by next, which cells use for
   * nothing else here. When the other one is cut, it takes its place in the order, too; so no reader misses the key, and none
   * sees the new cell while the old one has a value. Proof: jcstress GetAgainstRelinkInCrowd, whose twin cuts first.
   *
   * A reader that meets a dead cell looks once more: if it is still there, it is being removed, and the key is missing.
   *
   * Keys that compare as equal and are not, or cannot be compared, stay in the chain. A compareTo that contradicts itself can
   * hide a key, as in any sorted map. One that begins to throw leaves the place of a dead cell behind until the map is closed.
   */
  private final Class<?> type;
  private final ConcurrentMap<Object, Cell> cells = new ConcurrentSkipListMap<>();
  private boolean broken;

  Crowd(Class<?> type) {
    this.type = type;
  }

  /** Finds the live cell of a key; without a lock. */
  @Nullable
  Cell find(Object key) {
    Cell last = null;
    while (key.getClass() == type) {
      Cell cell = cells.get(key);
      if (cell == null || cell == last || !key.equals(cell.key)) {
        return null;
      }
      if (cell.value != null) {
        return cell;
      }
      Cell fresh = cell.next;
      if (fresh != null && fresh.value != null) {
        return fresh;
      }
      last = cell;
    }
    return null;
  }

  /** Takes a cell in that replaces another one; false if there is none of its key. */
  boolean follow(Cell cell) {
    if (cell.key.getClass() != type) {
      return false;
    }
    Cell old = cells.get(cell.key);
    if (old == null || !old.key.equals(cell.key)) {
      return false;
    }
    old.linkTo(cell);
    return true;
  }

  /** Takes a cell of a new key in; false if its place is in the chain. */
  boolean add(Cell cell) {
    return cell.key.getClass() == type && cells.putIfAbsent(cell.key, cell) == null;
  }

  /** Cuts a cell that has lost its value. */
  void cut(Cell cell) {
    Cell fresh = cell.next;
    boolean found = false;
    try {
      found = fresh == null ? cells.remove(cell.key, cell) : cells.replace(cell.key, cell, fresh);
    } catch (RuntimeException thrown) { // by compareTo; its key has left all the same
      broken = true;
    }
    if (found) {
      cell.linkTo(null);
    } else if (!broken) {
      throw new AssertionError("A cell stands in no chain.");
    }
  }

  boolean isEmpty() {
    return cells.isEmpty();
  }

  void forEach(Consumer<Cell> consumer) {
    cells.values().forEach(consumer);
  }

  /** Nobody is in it any more; whoever waits for a cell to be cut finds none. */
  void clear() {
    cells.clear();
  }
}
