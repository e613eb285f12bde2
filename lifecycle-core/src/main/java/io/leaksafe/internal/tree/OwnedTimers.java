package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.timer.TimerGroup;
import java.util.List;

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

  OwnedTimers(OwnerNode node, Kind kind) {
    this.node = node;
    this.kind = kind;
    this.group = node.root().engine.group();
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
    return group.schedule(timer, due);
  }

  /** Keeps a timer from firing, for good; whether it was pending. */
  public boolean cancel(OwnedTimer timer) {
    return group.cancel(timer);
  }

  /** How many are pending. */
  public int size() {
    return group.size();
  }

  List<HandleInfo> infos(int most) {
    long now = root().time.nanoTime();
    return group.pending(most).stream()
        .map(timer -> ((OwnedTimer) timer).info(now))
        .toList();
  }

  void closing() {
    if (kind == Kind.TIMER) {
      group.seal();
    } else {
      group.drain();
    }
  }

  void closed() {
    group.seal();
  }
}
