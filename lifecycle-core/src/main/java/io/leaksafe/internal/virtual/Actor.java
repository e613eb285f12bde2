package io.leaksafe.internal.virtual;

import io.leaksafe.internal.timer.EngineThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One thread that virtual time knows: started by it, or from outside and at some time waiting in it. {@link Baton} draws the
 * states.
 */
final class Actor {

  enum State {
    /** From outside and none of our business. */
    FREE,
    /** Waits for the baton. */
    READY,
    /** Has the baton. */
    RUNNING,
    /** Runs without the baton. */
    LOOSE,
    /** Waits in virtual time. */
    WAITING,
    ENDED
  }

  enum Wait {
    NONE,
    PARK,
    JOIN,
    SLEEP,
    /** A sleep that ignores interrupts. */
    DEAF_SLEEP
  }

  /** The moment of a wait without a deadline. */
  static final long NEVER = -1;

  private static final long FOREIGN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int FOREIGN_SAMPLES = 4;

  final String name;
  final boolean outsider;

  /** Whether it is a thread of a timer engine, which tells itself what it waits for. */
  volatile boolean ofAnEngine;

  /** Null only until a thread of ours has begun to run. */
  volatile @Nullable Thread thread;

  /** Written under the baton's lock. The thread itself reads it without, in order to wait. */
  volatile State state;

  /** An interrupt the thread took note of while waiting; it gets its flag back when it runs again. */
  volatile boolean interrupted;

  /** Counts every step into the seam and out of it again: odd inside. Only the thread itself steps. */
  final AtomicInteger steps;

  // The rest is guarded by the baton's lock.

  Wait wait = Wait.NONE;
  boolean permit;
  long due = NEVER;

  @Nullable
  Object blocker;

  @Nullable
  Actor joined;

  /** How often it was given the baton. */
  long grants;

  private int sampledSteps;
  private int samples;
  private long blockedSince;

  private Actor(String name, boolean outsider, State state) {
    this.name = name;
    this.outsider = outsider;
    this.state = state;
    this.steps = new AtomicInteger(outsider ? 0 : 1);
  }

  /** A thread of ours that is about to be started. It begins inside the seam, waiting for the baton. */
  static Actor starting(String name) {
    return new Actor(name, false, State.READY);
  }

  static Actor outsider(Thread thread) {
    Actor actor = new Actor(thread.getName(), true, State.FREE);
    actor.thread = thread;
    return actor;
  }

  /** Whether what it waits for is the end of its idleness, and no moment that somebody asked for. */
  boolean idles() {
    Object on = blocker;
    return wait == Wait.PARK && on != null && EngineThread.idles(on);
  }

  /** Forgets what it waited for. A woken thread does so itself, on its way out; until then it counts as not yet told. */
  void clearWait() {
    wait = Wait.NONE;
    due = NEVER;
    blocker = null;
    joined = null;
  }

  /** Whether the machine has done what its state says: parked it, or ended it. */
  boolean hasFollowed() {
    return switch (state) {
      case WAITING -> isParked();
      case ENDED -> isTerminated();
      case FREE, READY, RUNNING, LOOSE -> true;
    };
  }

  /** Whether the machine no longer has the thread. Its state says so a moment earlier than {@code isAlive}. */
  boolean isTerminated() {
    Thread known = thread;
    return known != null && !known.isAlive() && known.getState() == Thread.State.TERMINATED;
  }

  /**
   * Whether an interrupt should end its wait. The flag is read before the note: the thread takes the note before it clears the
   * flag, so one of the two is always seen.
   */
  boolean hasPendingInterrupt() {
    Thread known = thread;
    return wait != Wait.DEAF_SLEEP && known != null && (known.isInterrupted() || interrupted);
  }

  /**
   * Takes a sample, and says whether the thread has been blocked outside the seam in all of the last samples, over 10 ms or
   * more.
   *
   * @param realNow the machine's time
   */
  boolean isBlockedOutside(long realNow) {
    int stepsNow = steps.get();
    if (stepsNow % 2 != 0 || stepsNow != sampledSteps || !isBlocked()) {
      sampledSteps = stepsNow;
      samples = 0;
      blockedSince = realNow;
      return false;
    }
    samples++;
    return samples >= FOREIGN_SAMPLES && realNow - blockedSince >= FOREIGN_NANOS;
  }

  private boolean isBlocked() {
    Thread known = thread;
    return known != null && (known.getState() == Thread.State.BLOCKED || isParked());
  }

  private boolean isParked() {
    Thread known = thread;
    return known != null
        && switch (known.getState()) {
          case WAITING, TIMED_WAITING -> true;
          case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
        };
  }
}
