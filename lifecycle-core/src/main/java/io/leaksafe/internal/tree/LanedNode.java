package io.leaksafe.internal.tree;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node with a list of others, in one lane or, where threads meet in it, in several. */
abstract sealed class LanedNode extends Node permits OwnerNode {
  /*
   * Idea. An owner starts with one lane. When openers have found its lock taken 16 times, it gets a handful of lanes, of
   * which each thread uses one, so that they no longer share a cache line; the first lane stays for what it has and for
   * things owned outright. Together they are 1.4 KB on 2 cores and 11 KB on 16 or more, so a scope in which threads meet now
   * and then keeps its one.
   *
   * Order. Within a lane the list itself is the order of opening. Between lanes it is openedAt: whoever opens B after A was
   * opened, on whatever thread, reads the clock later. That takes a clock fine enough to tell the two apart, so an owner
   * whose time is not the machine's own (virtual time stands still) keeps its one lane.
   *
   * Invariant. lanes is set once, under the lock of the first lane while that is open. So whoever has closed the first lane
   * under its lock sees all lanes there will ever be, and closing those, one by one, closes the owner. Proof: jcstress
   * LanesAgainstSeal, whose twin reads lanes too early and loses a node.
   */
  private static final int LANES = lanesFor(Runtime.getRuntime().availableProcessors());

  /** How many meetings at the first lane's lock make an owner busy. */
  static final int BUSY = 16;

  private final Lane first = new Lane(self());
  private volatile Lane @Nullable [] lanes;

  /** How often an opener found the first lane's lock taken. Guarded by that lock. */
  int meetings;

  LanedNode(String name, Kind kind, Priority priority, Root root) {
    super(name, kind, priority, false, root);
  }

  private static int lanesFor(int cores) {
    return Math.min(64, Integer.highestOneBit(4 * cores));
  }

  private OwnerNode self() {
    return (OwnerNode) this;
  }

  /** Whether its child scopes close before anything else in it. */
  protected abstract boolean closesScopesFirst();

  // ---- adding

  /** The lane it has from the start. */
  final Lane first() {
    return first;
  }

  /** Takes the lock of a lane that may take the node. */
  final Lane lockForAdding(Node node) {
    Lane[] all = lanes;
    if (all == null) {
      if (first.tryLock()) {
        return first;
      }
      first.lock();
      if (!root().fineClock || ++meetings != BUSY) {
        return first;
      }
      first.unlock();
      all = spread();
    }
    if (all == null || node.isOwned()) {
      first.lock();
      return first;
    }
    int at = (int) Thread.currentThread().getId();
    for (int tries = all.length; tries > 0; tries--, at++) {
      Lane lane = all[at & all.length - 1];
      if (lane.tryLock()) {
        return lane;
      }
    }
    Lane lane = all[at & all.length - 1];
    lane.lock();
    return lane;
  }

  /** Gives this owner all its lanes, unless it has them or its close has begun; returns what there is then. */
  final Lane @Nullable [] spread() {
    Lane[] fresh = new Lane[LANES];
    for (int i = 0; i < fresh.length; i++) {
      fresh[i] = new Lane.Padded(self());
    }
    first.lock();
    Lane[] now = lanes;
    if (now == null && !first.isClosed()) {
      lanes = fresh;
      now = fresh;
    }
    first.unlock();
    return now;
  }

  /** How many lanes share the newcomers with this one, itself included. */
  final int sharing(Lane lane) {
    Lane[] all = lanes;
    return all == null || lane == first ? 1 : all.length;
  }

  // ---- looking

  private List<Lane> allLanes() {
    Lane[] all = lanes;
    if (all == null) {
      return List.of(first);
    }
    List<Lane> list = new ArrayList<>(all.length + 1);
    list.add(first);
    Collections.addAll(list, all);
    return list;
  }

  /** How many nodes stand in its list. */
  final int listed() {
    int count = first.live();
    Lane[] all = lanes;
    if (all != null) {
      for (Lane lane : all) {
        count += lane.live();
      }
    }
    return count;
  }

  /** Whether nothing stands in its list; once it is sealed, whether nothing ever will again. */
  final boolean isVacant() {
    if (!isVacant(first)) {
      return false;
    }
    Lane[] all = lanes;
    if (all != null) {
      for (Lane lane : all) {
        if (!isVacant(lane)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isVacant(Lane lane) {
    lane.lock();
    boolean vacant = lane.newest() == null;
    lane.unlock();
    return vacant;
  }

  /** How many nodes in its list have the name of this one, and are owned outright or not as it is. */
  final int countLike(Node node) {
    int count = 0;
    for (Lane lane : allLanes()) {
      lane.lock();
      for (Node each = lane.newest(); each != null; each = each.older) {
        if (each.isOwned() == node.isOwned() && each.name().equals(node.name())) {
          count++;
        }
      }
      lane.unlock();
    }
    return count;
  }

  /** How many nodes of a kind stand in its own list. */
  public final int count(Kind kind) {
    int count = 0;
    for (Lane lane : allLanes()) {
      lane.lock();
      for (Node each = lane.newest(); each != null; each = each.older) {
        count += each.kind() == kind ? 1 : 0;
      }
      lane.unlock();
    }
    return count;
  }

  /** Counts what stands in its own list by the ordinal of its kind, and adds the owners among it to a list. */
  @SuppressWarnings("EnumOrdinal") // an array by kind, for a walk that copies nothing
  final void countKinds(int[] byKind, List<OwnerNode> owners) {
    for (Lane lane : allLanes()) {
      lane.lock();
      for (Node each = lane.newest(); each != null; each = each.older) {
        byKind[each.kind().ordinal()]++;
        if (each instanceof OwnerNode owner) {
          owners.add(owner);
        }
      }
      lane.unlock();
    }
  }

  /** What stands in its list now, in closing order. */
  public final List<Node> inClosingOrder() {
    return snapshot(false);
  }

  /** Refuses what comes from now on; returns what stands in its list, in closing order. */
  protected final List<Node> seal() {
    return snapshot(true);
  }

  private List<Node> snapshot(boolean closing) {
    List<Node> nodes = new ArrayList<>(Math.max(first.live(), 0));
    first.lock();
    collect(first, nodes, closing);
    Lane[] all = lanes;
    first.unlock();
    if (all != null) {
      for (Lane lane : all) {
        lane.lock();
        collect(lane, nodes, closing);
        lane.unlock();
      }
      ClosingOrder.mergeByTime(nodes);
    }
    ClosingOrder.sort(nodes, closesScopesFirst());
    return nodes;
  }

  private static void collect(Lane lane, List<Node> into, boolean closing) {
    if (closing) {
      lane.close();
    }
    for (Node node = lane.newest(); node != null; node = node.older) {
      into.add(node);
    }
  }

  /** Collects the nodes of its own list that were opened at the given time or before; looks at the old end alone. */
  public final void collectOlderThan(long openedBefore, List<Node> into) {
    for (Lane lane : allLanes()) {
      lane.lock();
      for (Node node = lane.oldest();
          node != null && node.openedAt() - openedBefore <= 0;
          node = node.newer) {
        into.add(node);
      }
      lane.unlock();
    }
  }
}
