package io.leaksafe.cleanup;

import io.leaksafe.internal.tree.HandleNode;
import org.jspecify.annotations.Nullable;

/** A place in a run at which one thread is at work; when that thread hangs, another goes on here. Guarded by the run's lock. */
final class Cursor {

  /** The group whose child scopes this cursor helps to close; null for a run's first cursor. */
  final @Nullable Frame group;

  /** Where it stands; null at the end. */
  @Nullable
  Frame frame;

  /** The handle it came to last. */
  @Nullable
  HandleNode<?> node;

  /** The closing that is under way here. */
  @Nullable
  Step step;

  /** Who waits here until the helpers of a group are through. */
  @Nullable
  Thread waiting;

  /** When the last closing here ended, which is when the next begins: one reading of the clock serves both. */
  long now;

  Cursor(@Nullable Frame group, long now) {
    this.group = group;
    this.frame = group;
    this.now = now;
  }
}
