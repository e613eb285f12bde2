package io.leaksafe.internal.tree;

import java.util.Comparator;
import java.util.List;

/** The order in which the nodes of one owner close: by priority, and among equals the last opened first. */
final class ClosingOrder {

  private static final Comparator<Node> NEWEST_FIRST =
      (a, b) -> Long.signum(b.enteredAt() - a.enteredAt());
  private static final Comparator<Node> BY_PRIORITY = Comparator.comparingInt(Node::rank);
  private static final Comparator<Node> SCOPES_FIRST =
      Comparator.comparing(node -> !(node instanceof OwnerNode));

  private ClosingOrder() {}

  /** Merges what several lanes hold, each with its newest first, into one such list. */
  static void mergeByTime(List<Node> nodes) {
    nodes.sort(NEWEST_FIRST);
  }

  /** Sorts nodes of which the newest is the first. */
  static void sort(List<Node> nodes, boolean scopesFirst) {
    if (!isByPriority(nodes)) { // as it is where nobody gave one
      nodes.sort(BY_PRIORITY);
    }
    if (scopesFirst) {
      nodes.sort(SCOPES_FIRST);
    }
  }

  private static boolean isByPriority(List<Node> nodes) {
    for (int i = 1; i < nodes.size(); i++) {
      if (nodes.get(i - 1).rank() > nodes.get(i).rank()) {
        return false;
      }
    }
    return true;
  }
}
