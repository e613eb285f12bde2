package io.leaksafe.map;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which entry of a shard is evicted: the one that is least likely to be asked for again.
 *
 * <p>Knows cells and their hashes, not where they are linked; its caller counts the size and cuts the victim. Not thread-safe:
 * used under the lock of the shard. The two queues are after S3-FIFO (Yang et al., 2023), the admission after TinyLFU (Einziger,
 * Friedman and Manes, 2017), the window that adapts by ghost hits after ARC (Megiddo and Modha, 2003).
 */
final class ColdestPolicy {
  /*
   * Idea. Newcomers pass through the window, first in, first out; those that prove themselves live in main, first in, first
   * out with a second chance. A read only raises a cell's freq, up to 3; that is looked at when the cell has its turn.
   *
   * What leaves the window while main is full meets main's next victim: the sketch, which also counts keys that are long
   * gone, says which of the two was asked for more often. Plain second chance would let a scan flush the map.
   *
   * Evicted keys leave a ghost for a while. One that comes back from the window's ghosts says that the window is too small,
   * one from main's that it is too large. The share moves by one entry at a time.
   *
   * Regret. In a loop that does not fit, every key is asked for equally often, yet each candidate seems ahead of each victim: it
   * was counted for the round that brought it, and the victim's turn in this round is yet to come. Who believes that exchanges
   * one for the other for ever, where keeping either would hit. So main's ghosts are watched for longer than the window needs:
   * each that comes back counts 3 against the exchanges, each exchange 1 for them. While the sum is above zero, a candidate must
   * be ahead by two, and the share of the window, to which such a loop says both things in turn, moves by a quarter of an entry.
   *
   * Every step is bounded: at most 4 heads of main are looked at in a contest, and 16 when only main is to give way.
   *
   * Invariants.
   *   I1  windowSize and mainSize are the weights of the live cells with queue WINDOW and MAIN; each of those is once in its
   *       queue. All other cells in the queues are dead.
   *   I2  A key is counted in the sketch when it leaves the window and when main gives it a second chance, not when it comes:
   *       one visit of one cache line then, instead of two.
   */
  private static final int CONTENDERS = 4;
  private static final int SECOND_CHANCES = 16;
  private static final int PROMOTIONS = 16;
  private static final int HOT = 2;
  private static final int GHOST_PART = 16;
  private static final int LEAST_WINDOW = 2;
  private static final int LEAST_GHOSTS = 6;
  private static final int LEAST_REMEMBERED = 64;
  private static final int REGRET_PART = 10;
  private static final int LEAST_REGRET = 32;
  private static final int RETURNED = 3;

  private final WindowShare share;
  private final CellQueue window = new CellQueue();
  private final CellQueue main = new CellQueue();
  private long windowSize;
  private long mainSize;
  private int entries;
  private int mostRegret;
  private int regret;
  private @Nullable Sketch sketch;
  private @Nullable Ghosts windowGhosts;
  private @Nullable Ghosts mainGhosts;

  ColdestPolicy(WindowShare share) {
    this.share = share;
  }

  // ---- what comes and goes

  /** A new cell. */
  void add(Cell cell) {
    lookForGhost(cell.hash);
    toWindow(cell);
    entries++;
  }

  private void lookForGhost(int hash) {
    if (windowGhosts == null || mainGhosts == null) {
      return;
    }
    if (mainGhosts.contains(hash)) {
      regret = Math.min(mostRegret, regret + RETURNED);
    }
    if (windowGhosts.contains(hash)) {
      share.grow(regret > 0);
    } else if (mainGhosts.contains(hash, windowGhosts.capacity())) {
      share.shrink(regret > 0);
    }
  }

  private void toWindow(Cell cell) {
    cell.queue = Cell.WINDOW;
    window.add(cell);
    windowSize += cell.weight();
  }

  private void toMain(Cell cell) {
    cell.queue = Cell.MAIN;
    main.add(cell);
    mainSize += cell.weight();
  }

  /** A cell that was removed from the map, and has lost its value. */
  void removed(Cell cell) {
    if (cell.queue == Cell.WINDOW) {
      windowSize -= cell.weight();
      window.died();
    } else {
      mainSize -= cell.weight();
      main.died();
    }
    cell.queue = Cell.NOWHERE;
    entries--;
  }

  /** While there is room: moves at most two cells on, so that there is not all to do when the room ends. */
  void settle(long limit) {
    long target = target(limit);
    for (int i = 0; i < 2 && windowSize > target; i++) {
      Cell cell = takeFromWindow();
      if (cell == null) {
        return;
      }
      count(cell, 1 + cell.freq);
      cell.freq = 0;
      toMain(cell);
    }
  }

  /** Makes the sketch, once there is enough to tell apart; what went through the window before is counted now. */
  void expect(int keys) {
    if (sketch == null) {
      Sketch fresh = new Sketch(keys);
      main.forEach(cell -> {
        if (cell.queue == Cell.MAIN) {
          fresh.add(cell.hash, 1);
        }
      });
      sketch = fresh;
    }
  }

  boolean hasSketch() {
    return sketch != null;
  }

  // ---- eviction

  /**
   * Takes out the cell that is to go, so that one more fits in.
   *
   * @param limit how much the shard may hold
   * @return the victim, which stands in no queue any more; null if there is no cell
   */
  @Nullable
  Cell evict(long limit) {
    long target = target(limit);
    for (int promoted = 0; windowSize + 1 > target && promoted < PROMOTIONS; promoted++) {
      Cell candidate = takeFromWindow();
      if (candidate == null) {
        break;
      }
      int estimate = count(candidate, 1 + candidate.freq);
      if (candidate.freq < HOT && mainSize >= limit - target) {
        return contest(candidate, estimate);
      }
      candidate.freq = 0;
      toMain(candidate);
    }
    Cell victim = secondChance();
    return victim == null ? evicted(takeFromWindow(), true) : evicted(victim, false);
  }

  /** Like {@link #evict}, when what it chose must stay: it has its turn again after all others. */
  void keep(Cell cell) {
    toMain(cell);
    entries++;
  }

  private long target(long limit) {
    return Math.max(Math.min(LEAST_WINDOW, limit / 4 + 1), (long) (limit * share.get()));
  }

  /** What leaves the window against the next to leave main. */
  private @Nullable Cell contest(Cell candidate, int estimate) {
    Cell weakest = null;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < CONTENDERS; i++) {
      Cell head = headOfMain();
      if (head == null) {
        break;
      }
      if (head.freq == 0) {
        weakest = head;
        least = estimate(head);
        break;
      }
      int score = again(head);
      if (score < least) {
        least = score;
        weakest = head;
      }
    }
    if (weakest == null || estimate <= Math.max(1, least) + (regret > 0 ? 1 : 0)) {
      return evicted(candidate, true);
    }
    regret = Math.max(-mostRegret / 2, regret - 1);
    takeFromMain(weakest);
    candidate.freq = 0;
    toMain(candidate);
    return evicted(weakest, false);
  }

  /** Sends the head of main, which was read, to its end; returns how warm it is. */
  private int again(Cell head) {
    int freq = --head.freq;
    main.poll();
    main.add(head);
    return count(head, 1) + freq;
  }

  private @Nullable Cell secondChance() {
    Cell head = headOfMain();
    for (int i = 0; i < SECOND_CHANCES && head != null && head.freq > 0; i++) {
      again(head);
      head = headOfMain();
    }
    if (head != null) {
      takeFromMain(head);
    }
    return head;
  }

  private @Nullable Cell headOfMain() {
    for (Cell cell = main.peek(); cell != null; cell = main.peek()) {
      if (cell.queue == Cell.MAIN) {
        return cell;
      }
      main.poll();
      main.buried();
    }
    return null;
  }

  private void takeFromMain(Cell cell) {
    mainSize -= cell.weight();
    cell.queue = Cell.NOWHERE;
    if (main.peek() == cell) {
      main.poll();
    } else {
      main.died(); // its slot stays behind, and its value is taken next
    }
  }

  private @Nullable Cell takeFromWindow() {
    for (Cell cell = window.poll(); cell != null; cell = window.poll()) {
      if (cell.queue == Cell.WINDOW) {
        windowSize -= cell.weight();
        cell.queue = Cell.NOWHERE;
        return cell;
      }
      window.buried();
    }
    return null;
  }

  private @Nullable Cell evicted(@Nullable Cell victim, boolean fromWindow) {
    if (victim == null) {
      return null;
    }
    entries--;
    prepareGhosts();
    Ghosts ghosts = fromWindow ? windowGhosts : mainGhosts;
    if (ghosts != null) {
      ghosts.add(victim.hash);
    }
    return victim;
  }

  /** Makes the ghosts at the first eviction, and larger ones when there are many more entries than then. */
  private void prepareGhosts() {
    int wanted = Math.max(LEAST_GHOSTS, Math.min(entries / GHOST_PART, Ghosts.MOST));
    if (windowGhosts == null || wanted > 2 * windowGhosts.capacity()) {
      windowGhosts = new Ghosts(wanted);
      mainGhosts = new Ghosts(Math.max(wanted, Math.min(entries, LEAST_REMEMBERED)));
      mostRegret = Math.max(LEAST_REGRET, entries / REGRET_PART);
      regret = mostRegret / 2;
      expect(entries);
    }
  }

  private int count(Cell cell, int times) {
    Sketch counts = sketch;
    return counts == null ? 0 : counts.add(cell.hash, times);
  }

  private int estimate(Cell cell) {
    Sketch counts = sketch;
    return counts == null ? 0 : counts.estimate(cell.hash);
  }

  // ---- dealing out

  /** Hands every live cell on, main's first, in order; and is empty then. */
  void dealTo(Function<Cell, ColdestPolicy> to) {
    for (Cell cell = headOfMain(); cell != null; cell = headOfMain()) {
      takeFromMain(cell);
      ColdestPolicy target = to.apply(cell);
      target.toMain(cell);
      target.entries++;
    }
    for (Cell cell = takeFromWindow(); cell != null; cell = takeFromWindow()) {
      ColdestPolicy target = to.apply(cell);
      target.toWindow(cell);
      target.entries++;
    }
    entries = 0;
  }

  /** Passes on every live cell: those of the window, then those of main. */
  void forEach(Consumer<Cell> consumer) {
    window.forEach(cell -> {
      if (cell.queue == Cell.WINDOW) {
        consumer.accept(cell);
      }
    });
    main.forEach(cell -> {
      if (cell.queue == Cell.MAIN) {
        consumer.accept(cell);
      }
    });
  }

  long windowSize() {
    return windowSize;
  }

  long mainSize() {
    return mainSize;
  }

  int entries() {
    return entries;
  }

  /** How many places its queues have, of live and dead cells. */
  int slots() {
    return window.slots() + main.slots();
  }
}
