package io.leaksafe.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A list of what an owner has open, linked through the nodes themselves: adding and removing one touches its neighbours,
 * however many there are, and costs no memory beyond the node.
 */
class Lane {
  /*
   * Idea. One intrusive list per owner, newest first, whatever the priorities: those are sorted out once, at close. An owner
   * that several threads open things in at once gets several lanes (LanedNode), each of which is one of these.
   *
   * The lock is one int, taken by CAS and given back by a release store. It is held for some ten instructions, never while
   * foreign code runs and never while anything blocks, so a thread that finds it taken spins for a moment and then yields
   * until it is free. A ReentrantLock costs two full barriers more per use, which is as much as everything else in here.
   * The exceptions are walks over the whole list (snapshot, count), which are as rare as they are long.
   *
   * Invariants, all true whenever the lock is free.
   *   I1  newest and oldest are both null or both ends of one chain; for neighbours a.older == b exactly when b.newer == a.
   *   I2  node.lane == this exactly for the nodes of the chain and for those that left it last; only a holder of the lock
   *       changes node.lane, so one who took the lock of node.lane and finds it unchanged holds the right one.
   *   I3  live is the length of the chain.
   *   I4  Everything that changes in a linked node (phase, links, priority, extras) changes under this lock.
   *   I5  Once closed is set nothing is added any more.
   *
   * Memory ordering. The CAS that takes the lock is an acquire, the store that frees it a release; all of the above is plain
   * within. Proof: jcstress LaneAddAgainstClose and LaneMutualExclusion, whose twins without the lock lose a node.
   */
  private static final int SPINS = 64;
  private static final VarHandle LOCKED;

  static {
    try {
      LOCKED = MethodHandles.lookup().findVarHandle(Lane.class, "locked", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final OwnerNode owner;

  @SuppressWarnings("unused") // through LOCKED
  private int locked;

  private boolean closed;
  private int live;
  private int untilSample;
  private @Nullable Node newest;
  private @Nullable Node oldest;
  private @Nullable Growth growth;

  Lane(OwnerNode owner) {
    this.owner = owner;
  }

  final boolean tryLock() {
    return LOCKED.compareAndSet(this, 0, 1);
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // it yields to whoever holds the lock, which is in some ten
  // instructions
  final void lock() {
    for (int spins = 0; !tryLock(); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  final void unlock() {
    LOCKED.setRelease(this, 0);
  }

  /** Under the lock: adds a node as the newest, unless this lane is closed. */
  final boolean add(Node node) {
    if (closed) {
      return false;
    }
    Node next = newest;
    node.lane = this;
    node.older = next;
    node.newer = null;
    if (next == null) {
      oldest = node;
    } else {
      next.newer = node;
    }
    newest = node;
    live++;
    return true;
  }

  /** Under the lock: takes a node out that is in. */
  final void remove(Node node) {
    Node older = node.older;
    Node newer = node.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    node.older = null;
    node.newer = null;
    live--;
    if (growth != null) {
      growth.closed(node);
    }
  }

  /** Under the lock, after {@link #add}: whether the live handles of the node's name deserve to be counted. */
  final boolean grows(Node node, int warnAbove, int lanes) {
    if (growth == null) {
      if (live < Growth.SMALLEST && live < warnAbove) {
        return false;
      }
      growth = new Growth(warnAbove, lanes);
      for (Node each = newest; each != null; each = each.older) {
        growth.opened(each);
      }
      return growth.reached(node);
    }
    growth.opened(node);
    return growth.reached(node);
  }

  /** Under the lock: the growth counters, once {@link #grows} has begun to count. */
  final @Nullable Growth growth() {
    return growth;
  }

  /** Under the lock: whether this opening is the one in {@code every} whose stack is recorded. */
  final boolean sampled(int every) {
    if (untilSample == 0) { // at random, so that many short lists together have one in so many, too
      untilSample = 1 + ThreadLocalRandom.current().nextInt(every);
    }
    if (--untilSample > 0) {
      return false;
    }
    untilSample = every;
    return true;
  }

  /** Under the lock: refuses what comes from now on. */
  final void close() {
    closed = true;
  }

  final boolean isClosed() {
    return closed;
  }

  final @Nullable Node newest() {
    return newest;
  }

  final @Nullable Node oldest() {
    return oldest;
  }

  /** How many are live; without the lock, some number that was true a moment ago. */
  final int live() {
    return live;
  }

  /** A lane whose neighbours in memory belong to other threads: two cache lines apart from the next one. */
  static final class Padded extends Lane {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

    Padded(OwnerNode owner) {
      super(owner);
    }
  }
}
