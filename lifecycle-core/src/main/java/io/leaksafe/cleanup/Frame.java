package io.leaksafe.cleanup;

import io.leaksafe.internal.tree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a run has come with one scope. Guarded by the run's lock. */
final class Frame {
  final TreeScope scope;
  final @Nullable Frame above;
  final long startedAt;

  /** What was in the scope when it was sealed, in closing order; in a group the child scopes come first. */
  final List<Node> nodes;

  /** How many of the nodes several cursors may take at once: a group's child scopes; otherwise none. */
  final int independent;

  int next;

  /** How many cursors beside the first are at work on the independent nodes. */
  int helpers;

  Frame(TreeScope scope, @Nullable Frame above, List<Node> nodes, int independent, long startedAt) {
    this.scope = scope;
    this.above = above;
    this.nodes = nodes;
    this.independent = independent;
    this.startedAt = startedAt;
  }

  boolean isAtEnd() {
    return next == nodes.size() && helpers == 0;
  }

  /** Whether the next node must wait for those that are being closed beside it. */
  boolean mustWait() {
    return helpers > 0 && next >= independent;
  }

  /** Whether nothing is left here nor above. */
  boolean isLast() {
    for (Frame each = this; each != null; each = each.above) {
      if (!each.isAtEnd()) {
        return false;
      }
    }
    return true;
  }
}
