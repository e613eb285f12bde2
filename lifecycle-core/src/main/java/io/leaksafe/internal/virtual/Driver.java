package io.leaksafe.internal.virtual;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.virtual.Actor.State;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves time: waits until everything waits, moves to the next due moment, wakes one thread, and again.
 *
 * <p>One thread drives at a time. It is never one of virtual time's own, which would wait for itself.
 */
final class Driver {

  /** What to do when nothing can happen any more unless time moves. Called under the lock. */
  private interface Goal {
    /** Moves time and wakes somebody, or returns false because the goal is reached. */
    boolean step();
  }

  private final Baton baton;
  private final VirtualClock clock;
  private final Patience patience;
  private final Failures failures;
  private final Description description;

  Driver(
      Baton baton,
      VirtualClock clock,
      Patience patience,
      Failures failures,
      Description description) {
    this.baton = baton;
    this.clock = clock;
    this.patience = patience;
    this.failures = failures;
    this.description = description;
  }

  void advance(long nanos) {
    drive(new Goal() {
      private long target = Actor.NEVER;

      @Override
      public boolean step() {
        target = target == Actor.NEVER ? clock.after(nanos) : target;
        if (moveToNext(target)) {
          return true;
        }
        clock.moveTo(target);
        return false;
      }
    });
  }

  void advanceToNextTimer() {
    drive(new Goal() {
      private long target = Actor.NEVER;

      @Override
      public boolean step() {
        target = target == Actor.NEVER ? earliestOrThrow().due : target;
        return moveToNext(target);
      }
    });
  }

  private Actor earliestOrThrow() {
    Actor next = baton.earliest(actor -> !actor.idles());
    if (next == null) {
      throw new IllegalStateException(
          "No thread waits for a moment in time, so there is none to advance to. Start what sets a timer first.\n"
              + description.table());
    }
    return next;
  }

  /** Starts a thread and moves time until it has ended. */
  void runToEnd(Supplier<Actor> starter) {
    drive(new RunToEnd(starter));
  }

  private final class RunToEnd implements Goal {
    private final Supplier<Actor> starter;
    private @Nullable Actor body;
    private long grants;
    private final Patience.Wait sinceItRan = patience.begin(Patience.REAL.nanoTime());

    RunToEnd(Supplier<Actor> starter) {
      this.starter = starter;
    }

    @Override
    public boolean step() {
      Actor started = body;
      if (started == null) {
        body = starter.get();
        return true;
      }
      if (started.state == State.ENDED) {
        return false;
      }
      checkProgress(started);
      if (!moveToNext(Long.MAX_VALUE)) {
        throw stuck(
            "Deadlock in virtual time, " + description.moment()
                + ": everything waits, nobody has a deadline, and '" + started.name
                + "' is not done. One of these has to be unparked or interrupted:",
            description.threads());
      }
      return true;
    }

    private void checkProgress(Actor started) {
      if (started.grants != grants) {
        grants = started.grants;
        sinceItRan.restart(Patience.REAL.nanoTime());
      } else if (sinceItRan.isOver(Patience.REAL.nanoTime())) {
        throw stuck(
            "'" + started.name + "' has not run for " + patience
                + " of real time, while timers of others moved virtual time on to "
                + description.moment() + ". Let it end, or raise patience(..):",
            description.threads());
      }
    }
  }

  /** Moves to the next due moment and wakes the first who waits for it; false if there is none up to the limit. */
  private boolean moveToNext(long limit) {
    checkInterrupt();
    Actor next = baton.earliest();
    if (next == null || next.due > limit) {
      return false;
    }
    clock.moveTo(next.due);
    baton.fire(next);
    return true;
  }

  private void drive(Goal goal) {
    begin();
    boolean interruptedBefore = Thread.interrupted();
    try {
      loop(goal);
    } catch (RuntimeException | Error e) {
      failures.attachTo(e);
      throw e;
    } finally {
      end();
      if (interruptedBefore) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void begin() {
    synchronized (baton) {
      Thread other = baton.driver();
      if (other != null) {
        throw new IllegalStateException("'" + other.getName()
            + "' moves this virtual time already. Leave it to one thread at a time.");
      }
      baton.drivenBy(Thread.currentThread());
      patience.driveBeginsOrEnds();
    }
  }

  private void end() {
    synchronized (baton) {
      patience.driveBeginsOrEnds();
      baton.drivenBy(null);
    }
  }

  private void loop(Goal goal) {
    Patience.Wait sinceAStep = patience.begin(Patience.REAL.nanoTime());
    while (true) {
      long wait;
      synchronized (baton) {
        if (!baton.settled()) {
          baton.watch();
          checkPatience(sinceAStep);
          checkInterrupt();
        } else if (goal.step()) {
          sinceAStep.restart(Patience.REAL.nanoTime());
        } else {
          return;
        }
        wait = baton.awaitsTheMachine() ? Seam.LAG_NANOS : Seam.POLL_NANOS;
      }
      Patience.REAL.park(this, wait);
    }
  }

  private void checkPatience(Patience.Wait sinceAStep) {
    if (sinceAStep.isOver(Patience.REAL.nanoTime())) {
      List<Actor> busy = baton.busy();
      throw stuck(
          "Virtual time cannot move, "
              + description.moment()
              + ": "
              + Text.count(busy.size(), "thread")
              + " did not come to wait in it within "
              + patience
              + " of real time. Let them wait through the TimeSource, or end, or raise patience(..):",
          busy);
    }
  }

  private void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw stuck(
          "'"
              + Thread.currentThread().getName()
              + "' was interrupted while it moved virtual time, "
              + description.moment()
              + ". It went no further; these threads were there:",
          description.threads());
    }
  }

  private IllegalStateException stuck(String what, List<Actor> actors) {
    return new IllegalStateException(
        what + "\n" + Description.stacks(actors) + "\n" + description.table());
  }
}
