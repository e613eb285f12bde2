package io.leaksafe.internal.timer;

import io.leaksafe.internal.wheel.Entry;
import io.leaksafe.internal.wheel.Group;
import io.leaksafe.internal.wheel.Wheels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Pending timers that end together. Each of them is scheduled once, and names this as its {@link Timer#timers}.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class TimerGroup extends Group {

  private final TimerEngine engine;
  private final Wheels wheels;

  TimerGroup(TimerEngine engine, Wheels wheels) {
    this.engine = engine;
    this.wheels = wheels;
  }

  /**
   * Has a timer of this group fire once.
   *
   * @param due by the monotonic clock; in the past means at once
   * @return false if this is sealed or the engine closed, so that the timer never will
   */
  public boolean schedule(Timer timer, long due) {
    return engine.schedule(timer, due);
  }

  /**
   * Keeps a timer of this group from firing, for good. What it refers to is for the caller to drop.
   *
   * @return whether it was pending; two threads that cancel at the same time may both be told so
   */
  public boolean cancel(Timer timer) {
    return wheels.cancel(timer);
  }

  /** How many are pending in all groups of the engine, as of a moment ago. */
  public int sizeOfAll() {
    return wheels.roughly();
  }

  /** How many are pending, or wait for a worker. */
  public int size() {
    return wheels.count(this) + engine.waiting(this).size();
  }

  /** Returns at most so many of those that are pending, or wait for a worker. */
  public List<Timer> pending(int most) {
    List<Timer> found = new ArrayList<>(engine.waiting(this));
    for (Entry entry : wheels.pending(this, Math.max(0, most - found.size()))) {
      found.add((Timer) entry);
    }
    return found;
  }

  /** Takes out all that are pending, and tells each that it is {@link Timer#abandoned}. */
  public void drain() {
    wheels.takeOut(this, entry -> ((Timer) entry).abandoned());
  }

  /** As {@link #drain}, and refuses every timer from now on. */
  public void close() {
    close(Timer::abandoned);
  }

  /** As {@link #close()}, but it is for the given one to tell them. */
  public void close(Consumer<? super Timer> each) {
    wheels.seal(this);
    wheels.takeOut(this, entry -> each.accept((Timer) entry));
    wheels.forget(this);
  }
}
