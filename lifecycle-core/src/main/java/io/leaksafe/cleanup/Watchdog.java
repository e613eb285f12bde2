package io.leaksafe.cleanup;

import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.tree.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the closes that run on their callers' threads.
 *
 * <p>All of them share one timer, which is armed while there is a run and due when the first closer could be overdue. A close
 * that ends in time, as nearly all do, costs a link and an unlink; the timer finds nothing to do at most once per share.
 */
final class Watchdog extends Timer implements Watcher {

  private final Root root;
  private final Announcer announcer;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CloseRun first;
  private boolean armed;
  private long armedFor;

  Watchdog(Root root, Announcer announcer) {
    this.root = root;
    this.announcer = announcer;
  }

  void add(CloseRun run) {
    lock.lock();
    try {
      CloseRun next = first;
      run.nextWatched = next;
      if (next != null) {
        next.previousWatched = run;
      }
      first = run;
      arm(run.firstLook());
    } finally {
      lock.unlock();
    }
  }

  void remove(CloseRun run) {
    lock.lock();
    try {
      CloseRun previous = run.previousWatched;
      CloseRun next = run.nextWatched;
      if (previous != null) {
        previous.nextWatched = next;
      } else if (first == run) {
        first = next;
      }
      if (next != null) {
        next.previousWatched = previous;
      }
      run.previousWatched = null;
      run.nextWatched = null;
    } finally {
      lock.unlock();
    }
  }

  List<CloseRun> runs() {
    lock.lock();
    try {
      List<CloseRun> runs = new ArrayList<>();
      for (CloseRun run = first; run != null; run = run.nextWatched) {
        runs.add(run);
      }
      return runs;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wakeBy(CloseRun run, long due) {
    lock.lock();
    try {
      arm(due);
    } finally {
      lock.unlock();
    }
  }

  private void arm(long due) {
    if (armed && armedFor - due <= 0) {
      return;
    }
    root.engine.cancel(this);
    try {
      armed = root.engine.schedule(this, due);
      armedFor = due;
    } catch (Throwable noThread) { // the close itself must go on, if need be unwatched
      armed = false;
      announcer.noThread(noThread);
    }
  }

  @Override
  protected void fire() {
    root.engine.execute(
        this::look); // listeners are told of what is overdue, which must not hold up the timers
  }

  private void look() {
    lock.lock();
    try {
      armed = false;
    } finally {
      lock.unlock();
    }
    for (CloseRun run : runs()) {
      run.watch();
      if (!run.isFinished()) {
        wakeBy(run, run.nextLook());
      }
    }
  }
}
