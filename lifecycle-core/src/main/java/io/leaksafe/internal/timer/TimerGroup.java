package io.leaksafe.internal.timer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The pending timers that end together; each of them is scheduled once. */
public final class TimerGroup {

  private final TimerEngine engine;
  final Set<Timer> pending = new LinkedHashSet<>();
  private boolean sealed;

  TimerGroup(TimerEngine engine) {
    this.engine = engine;
  }

  /** Has a timer fire once; false if this group is sealed or the engine closed, so that it never will. */
  public boolean schedule(Timer timer, long due) {
    engine.lock.lock();
    try {
      timer.group = this;
      return !sealed && engine.schedule(timer, due);
    } finally {
      engine.lock.unlock();
    }
  }

  /** Keeps a timer of this group from firing, for good; whether it was pending. */
  public boolean cancel(Timer timer) {
    return engine.cancel(timer);
  }

  private List<Timer> all() {
    engine.lock.lock();
    try {
      return new ArrayList<>(pending);
    } finally {
      engine.lock.unlock();
    }
  }

  /** How many are pending. */
  public int size() {
    return all().size();
  }

  /**
   * Passes on those that are pending, until told to stop: all that are throughout the call, and any of those that come or go
   * meanwhile.
   */
  public void forEachWhile(Predicate<? super Timer> goOn) {
    for (Timer timer : all()) {
      if (!goOn.test(timer)) {
        return;
      }
    }
  }

  /** Takes out all that are pending, and tells each that it is {@link Timer#abandoned}. */
  public void drain() {
    all().forEach(timer -> {
      if (cancel(timer)) {
        timer.abandoned();
      }
    });
  }

  /** As {@link #drain}, and refuses every timer from now on. */
  public void seal() {
    engine.lock.lock();
    try {
      sealed = true;
    } finally {
      engine.lock.unlock();
    }
    drain();
  }
}
