package io.leaksafe.internal.tree;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.event.Flight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node that owns others: what every scope is inside, and where features attach what they open. */
public abstract non-sealed class OwnerNode extends LanedNode {
  private static final int FIRST_ORIGINS = 100;

  private static final VarHandle TIMERS;

  static {
    try {
      TIMERS = MethodHandles.lookup().findVarHandle(OwnerNode.class, "timers", OwnedTimers.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Root root;
  private final boolean isRoot;
  private int originsLeft;
  private volatile @Nullable OwnedTimers timers;
  private volatile @Nullable Runnable whenClosed;
  private volatile @Nullable Supplier<? extends List<? extends Node>> closesAlso;

  /** Makes an owner that is not yet in any list. */
  protected OwnerNode(String name, Kind kind, Priority priority, Root root, boolean isRoot) {
    super(name, kind, priority, root);
    this.root = root;
    this.isRoot = isRoot;
    if (isRoot) {
      neverListed(new Lane(this));
      recordFirstOrigins();
    }
  }

  /** Has the stacks of the first handles opened here recorded: for owners of which there are few, and whose handles stay. */
  public final void recordFirstOrigins() {
    originsLeft = FIRST_ORIGINS;
  }

  /** The owner behind a scope; every scope is one. */
  public static OwnerNode of(AutoCloseable scope) {
    if (Check.notNull(scope, "owner") instanceof OwnerNode owner) {
      return owner;
    }
    if (scope instanceof LostWatch.Face face) {
      return face.node();
    }
    throw new IllegalArgumentException(
        "owner must be a scope made by this library, was a " + scope.getClass().getName() + ".");
  }

  @Override
  public final Root root() {
    return root;
  }

  @Override
  public final @Nullable OwnerNode owner() {
    return isRoot ? null : super.owner();
  }

  // ---- what its own kind of owner decides

  /** Closes one claimed handle before its owner closes, on this thread. */
  protected abstract void closeEarly(HandleNode<?> node);

  /** Opens an owner of the given kind inside this one. */
  public abstract OwnerNode branch(String name, Kind kind, Priority priority);

  // ---- adding

  /** Owns a resource, or closes it and throws. Every argument has been checked. */
  public final <T> HandleNode<T> attach(
      String name, Kind kind, Priority priority, T resource, Closer<? super T> closer) {
    return enter(new HandleNode<>(name, kind, priority, false, root, resource, closer));
  }

  /** As {@link #attach}, for things nobody holds a handle on, of which fewer are many. */
  public final <T> void attachOwned(String name, T resource, Closer<? super T> closer) {
    enter(new HandleNode<>(name, Kind.RESOURCE, Priority.NORMAL, true, root, resource, closer));
  }

  /** Owns the handle of a timer that is about to run; false if this owner's close has begun. */
  public final boolean attachRunning(HandleNode<?> node) {
    Lane lane = lockForAdding(node);
    boolean added;
    try {
      added = lane.add(node);
    } finally {
      lane.unlock();
    }
    VarHandle.storeStoreFence(); // as in add
    return added;
  }

  /** Whether the next thing opened here is to be recorded or told of, for which it must be a node. */
  public final boolean wantsNode() {
    return root.samples || root.listening || originsLeft > 0 && root.tracking != Tracking.DISABLED;
  }

  private <T> HandleNode<T> enter(HandleNode<T> node) {
    if (!add(node)) {
      throw closeLate(node);
    }
    return node;
  }

  /** Adds a node as the newest; false if this owner's close has begun. */
  protected final boolean add(Node node) {
    Root shared = root;
    boolean tracked = shared.tracking != Tracking.DISABLED;
    boolean sampled = false;
    boolean grows = false;
    Lane lane = lockForAdding(node);
    boolean added;
    try {
      added = lane.add(node);
      if (added && tracked) {
        grows = lane.grows(node, shared.warnAbove, sharing(lane));
        sampled = shared.samples && lane.sampled(shared.sampleEvery);
      }
    } finally {
      lane.unlock();
    }
    VarHandle.storeStoreFence(); // the node's lane before any reference to it that its opener may
    // publish by a race
    if (added) {
      if (sampled || originsLeft > 0) {
        recordOrigin(node, sampled);
      }
      if (grows) {
        lookAtGrowth(node, lane);
      }
      if (shared.listening) {
        shared.events.opened(node);
      }
      if (Flight.recordsOpenings()) {
        Flight.opened(node.path(), node.kind().name());
      }
      AgeWatch ages = shared.ages;
      if (ages != null) {
        ages.start();
      }
    }
    return added;
  }

  private void recordOrigin(Node node, boolean sampled) {
    if (root.tracking == Tracking.DISABLED) {
      return;
    }
    if (!sampled) {
      originsLeft--; // racy: a few more or less than a hundred
    }
    node.openedFrom(new Origin("opened here"));
  }

  /** Closes what came too late, on its opener's thread, and says so. */
  private ClosedScopeException closeLate(HandleNode<?> node) {
    ClosedScopeException late = lateException(node.name());
    try {
      node.runCloser();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      late.addSuppressed(e);
    } catch (Throwable failure) { // told to the opener, who is the only one that knows of it
      late.addSuppressed(failure);
    }
    return late;
  }

  /** Says that this scope's close has begun. */
  protected final ClosedScopeException lateException(String what) {
    return new ClosedScopeException(
        "'" + path() + "' is " + (isClosed() ? "closed" : "closing") + "; '" + what
            + "' was closed at once instead of being registered. Open it before close(), or give it an owner that "
            + "lives longer.");
  }

  // ---- its timers

  /**
   * Returns the pending timers of this owner that are no nodes; those of a closed owner refuse. The first call makes them
   * and then looks whether the owner is closed, whose end first enters CLOSED and then looks for them; one sees the other.
   */
  public final OwnedTimers timers() {
    OwnedTimers present = timers;
    if (present != null) {
      return present;
    }
    OwnedTimers fresh = new OwnedTimers(this, kind() == Kind.SCHEDULER ? Kind.TIMER : Kind.TIMEOUT);
    OwnedTimers winner = (OwnedTimers) TIMERS.compareAndExchange(this, null, fresh);
    if (winner != null) {
      return winner;
    }
    if (isClosed()) { // its end may have looked before there were any
      fresh.closed();
    }
    return fresh;
  }

  /** Ends the timers that are pending now. */
  protected final void endTimers() {
    OwnedTimers present = timers;
    if (present != null) {
      present.closing();
    }
  }

  /** Ends the timers that are pending now, and refuses every one from now on: before the engine forgets them. */
  protected final void endTimersForGood() {
    timers().closed();
  }

  /** Describes at most so many of its pending timers that are no nodes. */
  public final List<HandleInfo> pendingTimers(int most) {
    OwnedTimers present = timers;
    return present == null ? List.of() : present.infos(most);
  }

  // ---- its own end

  /**
   * Ends the close of this owner. It leaves its own owner's list, unless something here is still live: then it leaves with
   * the last of that.
   */
  protected final void endedOwner() {
    if (isVacant()) { // for good, since it has been sealed
      if (ended()) {
        tellEnded();
      }
    } else {
      closedButListed();
      leaveIfVacant();
    }
    LostWatch.ended(this);
    root.recordEnd(this);
    // Whoever sets timers or whenClosed then looks for CLOSED; we entered CLOSED, and now look for
    // those. Without a full
    // fence in between both may miss each other, x86 included. Proof: jcstress
    // EndAgainstWhenClosed.
    VarHandle.fullFence();
    OwnedTimers present = timers;
    if (present != null) {
      present.closed();
    }
    Runnable told = whenClosed;
    if (told != null) {
      told.run();
    }
  }

  /**
   * Has a feature told when this owner's close has ended; at once if it has. The task must be short, since it runs under
   * locks, and bear being run twice: the end and this call may meet, and then each sees the other.
   */
  public final void whenClosed(Runnable task) {
    whenClosed = task;
    if (isClosed()) {
      task.run();
    }
  }

  /**
   * Names what closes with this one, after what it has, though it stands in other owners' lists: a scheduler's views, the
   * listeners of other scopes.
   */
  public final void closesAlso(Supplier<? extends List<? extends Node>> others) {
    closesAlso = others;
  }

  /** What closes with this one. */
  protected final List<? extends Node> closingAlso() {
    Supplier<? extends List<? extends Node>> others = closesAlso;
    return others == null ? List.of() : others.get();
  }

  /** One of its nodes has left. */
  final void vacated() {
    if (isClosed()) {
      leaveIfVacant();
    }
  }

  /*
   * The last node to leave and the end of the close may meet. An end that does not find its lanes vacant enters CLOSED and
   * then takes each lane's lock in order to look again; the node leaves under its lane's lock and then looks for CLOSED.
   * Whichever has the lock later sees the other. Proof: jcstress VacatedOwner, whose twin has no lock and leaves the owner
   * listed.
   */
  private void leaveIfVacant() {
    if (isVacant() && leaveList()) {
      OwnerNode above = owner();
      if (above != null) {
        above.vacated();
      }
    }
  }

  // ---- growth

  private void lookAtGrowth(Node node, Lane lane) {
    int counted = countLike(node);
    int threshold = node.isOwned() ? Math.min(Growth.SMALLEST, root.warnAbove) : root.warnAbove;
    lane.lock();
    try {
      Growth growth = lane.growth();
      if (growth != null) {
        growth.looked(node, counted, threshold);
      }
    } finally {
      lane.unlock();
    }
    if (counted >= threshold) {
      if (!node.hasOrigin()) {
        node.openedFrom(new Origin("opened here"));
      }
      root.events.growing(node.info(), counted);
    }
  }

  // ---- looking

  /** Counts what stands here by the ordinal of its kind, timers beside the list included, and adds the owners to a list. */
  @SuppressWarnings("EnumOrdinal") // an array by kind, for a walk that copies nothing
  public final void census(int[] byKind, List<OwnerNode> owners) {
    countKinds(byKind, owners);
    OwnedTimers present = timers;
    if (present != null) {
      Kind kind = kind() == Kind.SCHEDULER ? Kind.TIMER : Kind.TIMEOUT;
      byKind[kind.ordinal()] += present.size();
    }
  }

  /** How many nodes stand in its own list, and timers beside it. */
  public final int size() {
    OwnedTimers present = timers;
    return listed() + (present == null ? 0 : present.size());
  }

  // ---- moving

  /**
   * Takes a live node from its present owner and adds it here, in one step for whoever looks; false if it or either owner is
   * closing: a close that has begun closes what it found.
   * Moves of one root happen one at a time, and nobody else ever holds two lanes, so the order of the two does not matter.
   * Proof: jcstress AdoptAgainstClose, whose twin looks and moves in two steps and closes what has moved.
   */
  protected final boolean moveHere(Node node) {
    root.moving.lock();
    try {
      refuseCycle(node);
      Lane to = first();
      Lane from = Check.notNull(node.lockLane(), "lane");
      boolean here = from == to;
      if (!here) {
        to.lock();
      }
      try {
        if (!node.isLive() || to.isClosed() || from.isClosed()) {
          return false;
        }
        from.remove(node);
        node.movedAt(root.time.nanoTime());
        to.add(node);
        to.grows(node, root.warnAbove, 1);
        return true;
      } finally {
        if (!here) {
          to.unlock();
        }
        from.unlock();
      }
    } finally {
      root.moving.unlock();
    }
  }

  private void refuseCycle(Node node) {
    if (node.owner() == null) {
      throw new UnsupportedOperationException(
          "'" + node.path() + "' is a root and has no owner to leave.");
    }
    if (isWithin(node)) {
      throw new IllegalArgumentException("'" + node.path() + "' cannot move to '" + path()
          + "', which is the same scope or stands below it.");
    }
  }
}
