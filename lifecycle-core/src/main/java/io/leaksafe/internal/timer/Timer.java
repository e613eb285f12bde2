package io.leaksafe.internal.timer;

import org.jspecify.annotations.Nullable;

/** Something that is due at a moment. */
public abstract class Timer {

  /** Its place in the heap, or -1 while it is not pending. Guarded by the engine's lock, like the rest. */
  int index = -1;

  long due;
  long sequence;

  @Nullable
  TimerGroup group;

  /** For subclasses. */
  protected Timer() {}

  /** Called on the timer thread once it is due. Must be short and must not block; what it throws is logged. */
  protected abstract void fire();

  /**
   * Called instead of {@link #fire} if its group is drained while it is pending, on the thread that drains. Must be short and
   * must not block, nor run anything of a user's.
   */
  protected void abandoned() {}

  /** When it is, or was last, due, by the monotonic clock. */
  public final long due() {
    return due;
  }
}
