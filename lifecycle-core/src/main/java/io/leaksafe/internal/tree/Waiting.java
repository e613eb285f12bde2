package io.leaksafe.internal.tree;

import org.jspecify.annotations.Nullable;

/** A closer that waits for another thread to finish, so that a laggard is looked for there. */
public interface Waiting {

  /** The thread that is waited for now; null if there is none. */
  @Nullable
  Thread waitsFor();
}
