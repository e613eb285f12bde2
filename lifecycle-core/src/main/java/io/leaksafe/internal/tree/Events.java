package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;

/** Told what happens in a tree; implemented where listeners and logs are known. Never throws. */
public interface Events {

  /** Whether anybody wants to hear of every opening and closing. */
  boolean listening();

  /** A node was added. */
  void opened(Node node);

  /** A node ended by itself or was closed early without trouble. */
  void closed(Node node);

  /** The live handles of this one's name reached the threshold, or doubled. */
  void growing(HandleInfo newest, int live);

  /** As {@link #growing}, where a feature has logged it in its own words. */
  void tellGrowing(HandleInfo newest, int live);

  /** A node has been live for longer than its limit. */
  void suspect(Node node, long limitNanos);

  /** A node was closed again. */
  void doubleClosed(Node node, int times);
}
