package io.leaksafe.internal.timer;

import io.leaksafe.internal.wheel.Entry;
import io.leaksafe.internal.wheel.Group;
import org.jspecify.annotations.Nullable;

/** Something that is to happen at a moment. */
public abstract class Timer extends Entry {

  /** For subclasses. */
  protected Timer() {}

  /**
   * Called on the timer thread once it is due. Must be short and must not block; what it throws is logged.
   *
   * <p>A timer without a group has {@link #begin begun} then, so {@link TimerEngine#cancel} comes too late; one of a group
   * begins when it likes to.
   */
  protected abstract void fire();

  /**
   * Called instead of {@link #fire} if its group is drained while it is pending, on the thread that drains. Must be short and
   * must not block, nor run anything of a user's.
   */
  protected void abandoned() {}

  /** Those it ends together with; the same whenever it is asked. A timer that is scheduled more than once has none. */
  protected @Nullable TimerGroup timers() {
    return null;
  }

  @Override
  protected final @Nullable Group group() {
    return timers();
  }
}
