package io.leaksafe.internal.virtual;

import io.leaksafe.internal.virtual.Actor.State;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where threads of virtual time begin, enter, wait, and end; all the blocking that {@link Baton} does not do. */
final class Seam {
  /*
   * How a thread waits. Under the lock it takes on a state and lets the baton go; then it leaves the
   * lock and parks until somebody has changed that state. A thread cannot park with its interrupt flag
   * set, so the flag becomes a note, and a flag again when the thread runs.
   *
   * Order. The unparker holds the lock, then whoever grants the baton holds it and writes the state,
   * then the parked thread reads that state. So what happened before unpark is visible after park.
   */

  /** How often somebody looks whether a thread is blocked in foreign code. */
  static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** A thread that is about to park, or has ended, has done so within microseconds, and tells nobody. */
  static final long LAG_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final Map<Thread, Actor> known = new ConcurrentHashMap<>();
  private final Baton baton;
  private final Patience patience;
  private final Failures failures;
  private final Description description;

  Seam(Baton baton, Patience patience, Failures failures, Description description) {
    this.baton = baton;
    this.patience = patience;
    this.failures = failures;
    this.description = description;
  }

  /** What is known about the given thread; null if nothing is. */
  @Nullable
  Actor find(Thread thread) {
    return known.get(thread);
  }

  Actor actor(Thread thread) {
    return known.computeIfAbsent(thread, Actor::outsider);
  }

  /** Enters the seam. A thread of ours that lost the baton waits for it. */
  Actor enter() {
    Actor me = actor(Thread.currentThread());
    me.steps.incrementAndGet();
    if (!me.outsider && me.state == State.LOOSE) {
      synchronized (baton) {
        baton.enlist(me);
      }
      awaitBaton(me);
    }
    return me;
  }

  void leave(Actor me) {
    me.steps.incrementAndGet();
  }

  /** Queues a thread and starts it. From before this returns, virtual time knows that it runs. */
  Thread start(Actor actor, Runnable body) {
    known.values().removeIf(Actor::isTerminated);
    synchronized (baton) {
      baton.enlist(actor);
    }
    try {
      Thread thread = Patience.REAL.startThread(actor.name, () -> live(actor, body));
      introduce(actor, thread);
      return thread;
    } catch (RuntimeException | Error notStarted) {
      synchronized (baton) {
        baton.discard(actor);
      }
      throw notStarted;
    }
  }

  private void live(Actor me, Runnable body) {
    Thread thread = Thread.currentThread();
    introduce(me, thread);
    awaitBaton(me);
    leave(me);
    try {
      body.run();
    } catch (Throwable thrown) {
      failures.add(me.name, thrown);
      tellHandler(thread, thrown);
    } finally {
      me.steps.incrementAndGet();
      synchronized (baton) {
        baton.end(me);
      }
    }
  }

  /** As the JVM does it, but while the thread still counts as running. */
  @SuppressWarnings("ReferenceEquality") // nothing can be suppressed in itself
  private static void tellHandler(Thread thread, Throwable thrown) {
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable byHandler) {
      if (byHandler != thrown) {
        thrown.addSuppressed(byHandler);
      }
    }
  }

  /** The starter and the thread itself both do this: each may be the first to need it. */
  private void introduce(Actor actor, Thread thread) {
    actor.thread = thread;
    known.put(thread, actor);
  }

  /** Waits until the wait that the calling thread began under the lock has ended. */
  void await(Actor me) {
    if (me.outsider) {
      awaitWake(me);
    } else {
      awaitBaton(me);
    }
    synchronized (baton) {
      me.clearWait();
    }
  }

  private void awaitBaton(Actor me) {
    while (me.state != State.RUNNING) {
      if (Thread.currentThread().isInterrupted()) {
        noteInterrupt(me);
      } else if (baton.isWatchedBy(me)) {
        Patience.REAL.park(this, POLL_NANOS);
        synchronized (baton) {
          baton.watch();
        }
      } else {
        Patience.REAL.park(this, Long.MAX_VALUE);
      }
    }
    restoreInterrupt(me);
  }

  private void awaitWake(Actor me) {
    Patience.Wait wait = patience.begin(Patience.REAL.nanoTime());
    while (me.state == State.WAITING) {
      if (Thread.currentThread().isInterrupted()) {
        noteInterrupt(me);
      } else if (wait.isOverUndriven(Patience.REAL.nanoTime())) {
        giveUp(me);
      } else {
        Patience.REAL.park(this, Patience.LOOK_NANOS);
      }
    }
    restoreInterrupt(me);
  }

  private void giveUp(Actor me) {
    synchronized (baton) {
      if (me.state != State.WAITING || baton.driver() != null) {
        return;
      }
      String message =
          "'" + me.name + "' waits in virtual time, which nobody has moved for " + patience
              + " of real time. Run this code inside call(..), or advance(..) from another thread.\n"
              + description.table();
      baton.free(me);
      restoreInterrupt(me);
      throw new IllegalStateException(message);
    }
  }

  private void noteInterrupt(Actor me) {
    me.interrupted = true; // before the flag goes, see Actor.hasPendingInterrupt
    Thread.interrupted();
    synchronized (baton) {
      baton.noticeInterrupt(me);
    }
  }

  private static void restoreInterrupt(Actor me) {
    if (me.interrupted) {
      me.interrupted = false;
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a thread of ours has ended; if so it is gone from the machine, too, when this returns. */
  boolean hasDied(Actor target, Thread thread) {
    if (target.state != State.ENDED) {
      return false;
    }
    while (thread.isAlive()) {
      Patience.REAL.park(this, LAG_NANOS);
    }
    return true;
  }
}
