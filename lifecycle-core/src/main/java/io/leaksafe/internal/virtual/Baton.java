package io.leaksafe.internal.virtual;

import io.leaksafe.internal.virtual.Actor.State;
import io.leaksafe.internal.virtual.Actor.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says who runs, who is next, and who waits. It moves threads from state to state and never blocks; a thread whose state says
 * that it should wait does so in {@link Seam}.
 *
 * <p>Every method is called while holding this object's monitor, which is the one lock of a virtual time.
 */
final class Baton {
  /*
   * Idea. Threads started through the seam pass a baton: only its holder runs. Whoever is made ready
   * queues at the end, and the head of the queue gets the baton when the holder waits or ends. So the
   * same test gives the same interleaving every time. Threads from outside (a test's main thread, a
   * pool) cannot be held back; they take no baton, but are known while they wait here and, once woken,
   * until we hear of them again.
   *
   *                      granted             waits
   *     started --> READY ---------> RUNNING ---------> WAITING
   *                 ^  ^              |   |                |
   *                 |  +--------------|---|----------------+
   *       enters    |       woken     |   +------> ENDED
   *       the seam  |                 | blocked      ^
   *                 |                 v outside      |
   *                 +-------------- LOOSE -----------+ ends
   *
   *     from             waits             woken
   *     outside --> FREE -----> WAITING ---------> LOOSE ---> WAITING
   *                  ^             | gives up        |  waits again
   *                  +-------------+-----------------+
   *                                  ends, is blocked outside, or drives
   *
   * What wakes: unpark, an interrupt, the due moment, the end of the thread it joined.
   *
   * Transitions that do nothing: waking one that is not WAITING (an unpark then leaves a permit, unless
   * the thread is still on its way out of a park: it will see what the waker did); granting while there
   * is a holder.
   *
   * Blocked outside. A holder that waits in foreign code for a lock or a latch may wait for one of the
   * threads behind it. After 10 ms it goes LOOSE and the baton is passed on; when it enters the seam
   * again, it queues like everybody else. Somebody has to look: the driver while there is one, else one
   * of those that would be next, the watcher.
   *
   * Interrupts. A wait ends by an interrupt when the holder next enters the seam or passes the baton on,
   * not at the moment of the interrupt, which no two runs would share; several end in the order in which
   * they began to wait. Whether a waiting thread was interrupted is asked of the thread, so there is no
   * window in which an interrupted thread counts as waiting. The lock is a monitor because of this: a
   * ReentrantLock takes the interrupt flag away from a thread that waits for it, and returns it later.
   *
   * Invariants.
   *   I1  A known thread is in exactly one place: holder, ready, loose, waiting, or none of them when it
   *       is FREE or ENDED; and its state says which.
   *   I2  Without a holder nobody is ready, whenever the lock is free.
   *   I3  waiting is in the order in which the waits began, which is the order of ties.
   *   I4  Time moves only when settled() holds: all known threads are parked, or FREE, or have died. It
   *       is not enough that they are about to park: somebody who took their stacks could tell.
   */

  private final ArrayDeque<Actor> ready = new ArrayDeque<>();
  private final Set<Actor> waiting = new LinkedHashSet<>();
  private final Set<Actor> loose = new LinkedHashSet<>();

  /** Those that may still be on their way to where their state says they are: parked, or dead. */
  private final Set<Actor> lagging = new LinkedHashSet<>();

  private @Nullable Actor holder;
  private volatile @Nullable Actor watcher;
  private volatile @Nullable Thread driver;

  /** Lets a thread of ours queue: one that is being started, or a loose one that enters the seam. */
  void enlist(Actor actor) {
    collectInterrupts();
    letGo(actor);
    makeReady(actor);
    pass();
  }

  /** Takes back a thread that could not be started. */
  void discard(Actor actor) {
    ready.remove(actor);
    watcher = watcher == actor ? null : watcher;
    end(actor);
    lagging.remove(actor);
    appointWatcher();
  }

  /** Begins the wait of the calling thread. */
  void suspend(Actor me, Wait wait, long due) {
    letGo(me);
    me.wait = wait;
    me.due = due;
    me.state = State.WAITING;
    waiting.add(me);
    lagging.add(me);
    pass();
  }

  /** Ends a wait whose moment has come. */
  void fire(Actor actor) {
    wake(actor);
    pass();
  }

  void unpark(Actor actor) {
    collectInterrupts();
    if (actor.wait == Wait.PARK) {
      wake(actor);
    } else {
      actor.permit = actor.state != State.ENDED;
    }
    pass();
  }

  /** Takes up the interrupt that a waiting thread just noticed. One of ours still waits for the holder to pass the baton on. */
  void noticeInterrupt(Actor me) {
    if (me.outsider && me.hasPendingInterrupt()) {
      wake(me);
    }
    pass();
    appointWatcher();
  }

  /** Lets a thread from outside go: it gives up, or begins to drive. */
  void free(Actor outsider) {
    waiting.remove(outsider);
    letGo(outsider);
    outsider.clearWait();
    outsider.state = State.FREE;
  }

  /** Takes the calling thread out for good and wakes those who joined it. */
  void end(Actor me) {
    letGo(me);
    me.state = State.ENDED;
    lagging.removeIf(Actor::hasFollowed);
    lagging.add(me);
    inOrder(actor -> actor.joined == me).forEach(this::wake);
    pass();
  }

  /** Gives the baton to the next one if nobody has it; tells the driver if nobody wants it. */
  void pass() {
    if (!grantNext()) {
      LockSupport.unpark(driver);
    }
  }

  private boolean grantNext() {
    if (holder == null) {
      collectInterrupts();
      Actor next = ready.poll();
      if (next == null) {
        return false;
      }
      grant(next);
    }
    return true;
  }

  private void collectInterrupts() {
    inOrder(Actor::hasPendingInterrupt).forEach(this::wake);
  }

  private List<Actor> inOrder(Predicate<Actor> which) {
    return waiting.stream().filter(which).toList();
  }

  private void wake(Actor actor) {
    if (!waiting.remove(actor)) {
      return;
    }
    actor.due = Actor.NEVER;
    if (actor.outsider) {
      loose.add(actor);
      actor.state = State.LOOSE;
      LockSupport.unpark(actor.thread);
    } else {
      makeReady(actor);
    }
  }

  private void makeReady(Actor actor) {
    actor.state = State.READY;
    ready.add(actor);
    appointWatcher();
  }

  private void grant(Actor next) {
    if (watcher == next) {
      watcher = null;
    }
    holder = next;
    next.grants++;
    next.state = State.RUNNING;
    LockSupport.unpark(next.thread);
    appointWatcher();
  }

  private void letGo(Actor actor) {
    if (holder == actor) {
      holder = null;
    } else {
      loose.remove(actor);
    }
  }

  /** Whether nothing can happen any more unless time moves, or a thread from outside does something. */
  boolean settled() {
    lagging.removeIf(Actor::hasFollowed);
    return !grantNext() && loose.isEmpty() && lagging.isEmpty();
  }

  /** Whether all that is missing is that threads park or die, of which nobody will tell us. */
  boolean awaitsTheMachine() {
    return holder == null && loose.isEmpty() && !lagging.isEmpty();
  }

  /** The one that waits for the earliest moment, of several the one that has waited longest; null if nobody has a deadline. */
  @Nullable
  Actor earliest() {
    return earliest(actor -> true);
  }

  /** As {@link #earliest()}, of some of those that wait. */
  @Nullable
  Actor earliest(Predicate<Actor> of) {
    Actor first = null;
    for (Actor actor : waiting) {
      if (actor.due != Actor.NEVER && (first == null || actor.due < first.due) && of.test(actor)) {
        first = actor;
      }
    }
    return first;
  }

  /** Looks for threads that are blocked in foreign code, and no longer lets the others wait for them. */
  void watch() {
    long realNow = Patience.REAL.nanoTime();
    Actor held = holder;
    if (held != null && next() != null && held.isBlockedOutside(realNow)) {
      letGo(held);
      held.state = State.LOOSE;
      loose.add(held);
      pass();
    }
    loose.stream()
        .filter(actor -> actor.outsider)
        .filter(actor -> actor.isTerminated() || actor.isBlockedOutside(realNow))
        .toList()
        .forEach(this::free);
  }

  /** Whether the given thread, which waits for the baton, is the one that has to look. */
  boolean isWatchedBy(Actor actor) {
    return watcher == actor;
  }

  private void appointWatcher() {
    if (driver == null && watcher == null && holder != null) {
      Actor next = next();
      if (next != null) {
        watcher = next;
        LockSupport.unpark(next.thread);
      }
    }
  }

  /** One of ours that would run if the holder passed the baton on; null if there is none. */
  private @Nullable Actor next() {
    Actor first = ready.peek();
    if (first != null) {
      return first;
    }
    for (Actor actor : waiting) {
      if (!actor.outsider && actor.hasPendingInterrupt()) {
        return actor;
      }
    }
    return null;
  }

  @Nullable
  Thread driver() {
    return driver;
  }

  /** Sets who moves time from now on; null if nobody does. */
  void drivenBy(@Nullable Thread thread) {
    driver = thread;
    watcher = null;
    appointWatcher();
  }

  /** Those that keep time from moving. */
  List<Actor> busy() {
    List<Actor> all = new ArrayList<>();
    if (holder != null) {
      all.add(holder);
    }
    all.addAll(loose);
    all.addAll(ready);
    lagging.stream().filter(actor -> actor.state == State.ENDED).forEach(all::add);
    return all;
  }

  /** Those that wait in virtual time, longest first. */
  List<Actor> waiting() {
    return List.copyOf(waiting);
  }
}
