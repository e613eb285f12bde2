package io.leaksafe.handle;

/** How much is recorded about the opening of a handle; name and time always are. */
public enum Tracking {
  /** Neither threads nor stacks, and no growth or age warnings. */
  DISABLED,
  /**
   * The thread of every handle, and a stack for the first 100 opened directly under the root or in a scheduler, and for each
   * growth warning. Cheap enough to be always on, and the default.
   */
  SIMPLE,
  /** As {@link #SIMPLE}, and a stack for one handle in {@code sampleEvery}. */
  ADVANCED,
  /** A stack for every handle, both where it was opened and where it was closed: for tests. */
  PARANOID
}
