package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.timer.TimerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The pending timers of one owner that are no nodes: listed with its handles, and ended when its close begins.
 *
 * <p>A scheduler refuses new ones from then on. A scope takes new ones until its close has ended, so that its closers may use
 * timeouts, too.
 */
public final class OwnedTimers {

  private final OwnerNode node;
  private final Kind kind;
  final TimerGroup group;
  private volatile @Nullable Object user;

  /** How many timers all groups together have when it is time to count this one; whoever takes it away counts. */
  private final AtomicLong lookAt;

  /** How many of this one are to be warned of next; belongs to whoever counts. */
  private int warnAt;

  OwnedTimers(OwnerNode node, Kind kind) {
    this.node = node;
    this.kind = kind;
    this.group = node.root().engine.group();
    this.warnAt = node.root().warnAbove;
    this.lookAt = new AtomicLong(warnAt);
  }

  /** Notes which part of a feature uses these, for its timers to find. */
  public void usedBy(Object part) {
    user = part;
  }

  /** Who uses these; null if nobody has said so. */
  public @Nullable Object user() {
    return user;
  }

  /** Whose they are. */
  public OwnerNode node() {
    return node;
  }

  /** What they share with the rest of the tree. */
  public Root root() {
    return node.root();
  }

  Kind kind() {
    return kind;
  }

  /** Has a timer fire once; false if the owner is closed, so that it never will. */
  public boolean schedule(OwnedTimer timer, long due) {
    boolean scheduled = group.schedule(timer, due);
    if (group.hasGrown()) {
      lookAtGrowth(timer);
    }
    return scheduled;
  }

  /** Keeps a timer from firing, for good; whether it was pending. */
  public boolean cancel(OwnedTimer timer) {
    return group.cancel(timer);
  }

  /** How many are pending, or due and not yet begun. */
  public int size() {
    return group.size();
  }

  /** Describes at most so many of those. */
  List<HandleInfo> infos(int most) {
    long now = root().time.nanoTime();
    List<HandleInfo> infos = new ArrayList<>();
    group.pending(most).forEach(timer -> infos.add(((OwnedTimer) timer).info(now)));
    return infos;
  }

  /**
   * Counts, if there may be enough to be warned of. Counting takes as long as there are many, so when there are not enough yet
   * it is not done again before all groups together have grown by as much as is missing.
   */
  private void lookAtGrowth(OwnedTimer newest) {
    int all = group.sizeOfAll();
    long threshold = lookAt.get();
    if (all < threshold
        || root().tracking == Tracking.DISABLED
        || !lookAt.compareAndSet(threshold, Long.MAX_VALUE)) {
      return;
    }
    int counted = size();
    if (counted >= warnAt) {
      warnAt = 2 * Integer.highestOneBit(counted);
      List<StackTraceElement> origin = new Origin("opened here").frames();
      root().events.growing(newest.info(root().time.nanoTime(), origin), counted);
    }
    lookAt.set((long) all + warnAt - counted);
  }

  void closing() {
    if (kind == Kind.TIMER) {
      group.close();
    } else {
      group.drain();
    }
  }

  void closed() {
    group.close();
  }
}
