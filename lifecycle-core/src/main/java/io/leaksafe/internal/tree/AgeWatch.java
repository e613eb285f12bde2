package io.leaksafe.internal.tree;

import io.leaksafe.handle.Kind;
import io.leaksafe.internal.timer.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds handles that have been live for longer than they should be: all those older than the manager's limit, and those that
 * have a limit of their own.
 *
 * <p>There is no timer per handle. One sweep looks at the old end of each list; a scope younger than the limit holds nothing
 * older than itself, so it is not even entered. Handles with a limit of their own stand in a set, since they are few.
 */
public final class AgeWatch extends Timer {

  private static final int SWEEPS_PER_AGE = 8;
  private static final long SHORTEST_SWEEP_NANOS = 1_000_000;
  private static final Set<Kind> AGEING =
      Set.of(Kind.RESOURCE, Kind.SCOPE, Kind.LISTENER, Kind.LEASE);

  private final Root root;
  private final long limitNanos;
  private final Set<Node> apart = ConcurrentHashMap.newKeySet();
  private final ReentrantLock arming = new ReentrantLock();
  private volatile boolean started;

  AgeWatch(Root root, long limitNanos) {
    this.root = root;
    this.limitNanos = limitNanos;
  }

  /** Whether every handle has a limit, so that {@link #start} must be called for each. */
  boolean watchesAll() {
    return limitNanos != 0;
  }

  /** Begins to sweep now and then, if it has not begun. */
  void start() {
    try {
      if (!started) {
        arm();
      }
    } catch (OutOfMemoryError noThread) {
      return; // the machine has none to give; what was opened is open all the same, and the next
      // opening tries again
    }
  }

  private void arm() {
    arming.lock();
    try {
      root.engine.cancel(this);
      started = (watchesAll() || !apart.isEmpty())
          && root.engine.schedule(this, root.time.nanoTime() + sweepNanos());
    } finally {
      arming.unlock();
    }
  }

  private long sweepNanos() {
    long shortest = limitNanos == 0 ? Long.MAX_VALUE : limitNanos;
    for (Node node : apart) {
      shortest = Math.min(shortest, node.warnAfterNanos());
    }
    return Math.max(SHORTEST_SWEEP_NANOS, Math.min(shortest, Long.MAX_VALUE / 2) / SWEEPS_PER_AGE);
  }

  /** Watches one handle that has a limit of its own. */
  void add(Node node) {
    apart.add(node);
    arm();
    if (!node.isLive()) {
      apart.remove(node);
    }
  }

  void forget(Node node) {
    apart.remove(node);
  }

  @Override
  protected void fire() {
    root.engine.execute(this::sweep);
    arm();
  }

  private void sweep() {
    root.lostWatch().look();
    tooOld().forEach(this::report);
  }

  /** Tells of a node, once. */
  public void report(Node node) {
    if (node.reportAge()) {
      root.events.suspect(node, limitOf(node));
    }
  }

  /** Everything that is too old now. */
  public List<Node> tooOld() {
    long now = root.time.nanoTime();
    List<Node> found = new ArrayList<>();
    for (Node node : apart) {
      if (now - node.openedAt() >= node.warnAfterNanos()) {
        found.add(node);
      }
    }
    if (watchesAll()) {
      collect(root.top(), now, found);
    }
    return found;
  }

  private void collect(OwnerNode owner, long now, List<Node> found) {
    List<Node> old = new ArrayList<>();
    owner.collectOlderThan(now - limitNanos, old);
    for (Node node : old) {
      if (AGEING.contains(node.kind()) && node.warnAfterNanos() == 0) {
        found.add(node);
      }
      if (node instanceof OwnerNode below) {
        collect(below, now, found);
      }
    }
  }

  private long limitOf(Node node) {
    long own = node.warnAfterNanos();
    return own == 0 ? limitNanos : own;
  }
}
