package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;
import org.jspecify.annotations.Nullable;

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

  /** A lease was dropped that nothing ends before what it is on. */
  void leaked(Node node);

  /** Something was dropped of whose like so many were closed by those who had opened them at the same place. */
  void dropped(Node node, long closed);

  /** The manager's decorator did not do its part for a task, which ran or runs all the same; the sentence says what it did. */
  void decoratorFailed(String sentence, @Nullable Throwable cause);

  /** A node was closed again. */
  void doubleClosed(Node node, int times);
}
