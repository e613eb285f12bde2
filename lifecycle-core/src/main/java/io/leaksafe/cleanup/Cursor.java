package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import org.jspecify.annotations.Nullable;

/**
 * A place in a run at which one thread is at work, and what that thread does there; when it hangs, another goes on here.
 *
 * <p>Guarded by the run's lock, except where a method says that it runs without; {@link CloseRun} explains the whole.
 */
final class Cursor {

  private final CloseRun run;
  private final Root root;

  /** The group whose child scopes this cursor helps to close; null for a run's first cursor. */
  final @Nullable Frame group;

  /** Where it stands; null at the end. */
  @Nullable
  Frame frame;

  /** A scope that it is about to enter. */
  @Nullable
  TreeScope entering;

  /** The handle it came to last. */
  @Nullable
  HandleNode<?> node;

  /** The closing that is under way here. */
  @Nullable
  Step step;

  /** Who waits here until the helpers of a group are through. */
  @Nullable
  Thread waiting;

  /** The one that was added next to its run. */
  @Nullable
  Cursor next;

  /** When the last closing here ended, which is when the next begins: one reading of the clock serves both. */
  long now;

  /** What it came to last; while no closing is under way here, its thread may read this without the lock. */
  private Walk.Move move = Walk.Move.HANDLE;

  /** Set once it has been taken out of the walk. */
  private boolean ended;

  /** Set if it was the last of its run. */
  private boolean last;

  Cursor(CloseRun run, @Nullable Frame group, long now) {
    this.run = run;
    this.root = run.root;
    this.group = group;
    this.frame = group;
    this.now = now;
  }

  // ---- without the lock: one closing after the other

  /** Goes on here on a thread that did nothing here before. */
  void workFromNow() {
    now = root.time.nanoTime();
    performAll(goOn());
  }

  /** Closes one thing after the other, from what {@link #advance} came to first. */
  void work(@Nullable Step begun) {
    performAll(orBeyond(begun));
  }

  /** Runs closings until nothing is left or this thread is given up. */
  private void performAll(@Nullable Step first) {
    Step each = first;
    while (each != null) {
      each = perform(each);
    }
  }

  /** Returns the next closing, begun; null at the end. */
  private @Nullable Step goOn() {
    Step begun;
    do {
      run.lock.lock();
      try {
        begun = advance();
      } finally {
        run.lock.unlock();
      }
    } while (begun == null && passes());
    return begun;
  }

  /** What has been begun or, if that is nothing since there was no handle, what comes after that. */
  private @Nullable Step orBeyond(@Nullable Step begun) {
    return begun != null ? begun : passes() ? goOn() : null;
  }

  /** Does what is to be done where it came to something else than a handle; false at the end. */
  private boolean passes() {
    if (run.announcer.listening()) {
      run.tellOfScopes();
    }
    switch (move) {
      case GROUP -> run.spread(Check.notNull(frame, "frame"), now);
      case WAIT -> awaitHelpers();
      default -> {
        retire();
        return false;
      }
    }
    return true;
  }

  private void awaitHelpers() {
    root.time.park(run, Long.MAX_VALUE);
    Thread.interrupted(); // no closer to interrupt here, and a set flag would make this spin
    now = root.time.nanoTime();
  }

  /** Ends it, unless it has ended, and what ends with it. */
  void retire() {
    if (!ended) {
      run.lock.lock();
      try {
        end();
      } finally {
        run.lock.unlock();
      }
    }
    if (last) {
      run.ended();
    } else {
      run.wakeThoseThatWait();
    }
  }

  // ---- without the lock: one closing

  /** Runs one closing and returns the next one, begun; null at the end, or if this thread was given up meanwhile. */
  private @Nullable Step perform(Step mine) {
    if (run.announcer.listening()) {
      run.tellOfScopes();
    }
    Throwable failure = null;
    try {
      if (mine.ours == null) {
        awaitOther((HandleNode<?>) mine.node);
      } else {
        mine.ours.runCloser();
      }
    } catch (Throwable thrown) { // goes to the report; every other closer still runs
      failure = thrown;
    }
    boolean over =
        !(failure instanceof StillClosing || (mine.ours == null && mine.node.isClosing()));
    boolean awaited = over && mine.ours != null && mine.ours.end();
    long endedAt = root.time.nanoTime();
    boolean goesOn;
    boolean quiet;
    Step following = null;
    run.lock.lock();
    try {
      awaitInterrupt(mine);
      goesOn = mine.phase != Step.Phase.GIVEN_UP;
      end(mine, failure, over, endedAt);
      quiet = mine.outcome == Outcome.CLOSED && !awaited && !run.announcer.listening();
      if (quiet) {
        following = advance();
      }
    } finally {
      run.lock.unlock();
    }
    if (quiet) {
      return orBeyond(following);
    }
    tell(mine, failure, over, awaited);
    return goesOn ? goOn() : null;
  }

  private void awaitOther(HandleNode<?> other) throws InterruptedException {
    if (!root.await(
        other, () -> !other.awaitEnd() || root.waitsFor(other.closingThread(), other), null)) {
      throw new InterruptedException();
    }
  }

  private void tell(Step mine, @Nullable Throwable failure, boolean over, boolean awaited) {
    if (awaited) {
      Check.notNull(mine.ours, "ours").tellEnded();
    }
    if (over) {
      settled(mine);
    } else {
      awaitReturn(mine, failure);
    }
  }

  /** A closing is over. */
  private void settled(Step mine) {
    if (mine.outcome != Outcome.CLOSED || run.announcer.listening()) {
      run.announcer.ended(run.entry(mine));
    }
    if (mine.outcome == Outcome.LATE) {
      run.cameBack();
    }
  }

  /** A closing goes on elsewhere, without a thread of this run, and says when it has ended. */
  private void awaitReturn(Step mine, @Nullable Throwable failure) {
    run.announcer.ended(run.entry(mine));
    if (failure instanceof StillClosing pending) {
      pending.whenEnded(thrown -> returned(mine, AsyncCloser.unwrap(thrown)));
    } else {
      root.whenEnded(mine.node, () -> returned(mine, null));
    }
  }

  private void returned(Step mine, @Nullable Throwable failure) {
    run.lock.lock();
    try {
      finish(mine, failure, root.time.nanoTime());
    } finally {
      run.lock.unlock();
    }
    if (mine.ours != null) {
      mine.ours.over();
    }
    settled(mine);
  }

  // ---- under the lock

  /** Moves on until there is something to do without the lock, and begins that if it is a closing. */
  @Nullable
  Step advance() {
    for (; ; ) {
      move = run.walk.next(this);
      switch (move) {
        case HANDLE -> {
          Step begun = begin(Check.notNull(node, "node"));
          if (begun != null) {
            return begun;
          }
        }
        case WAIT -> {
          waiting = Thread.currentThread();
          return null;
        }
        case END -> {
          if (!run.announcer.listening()) { // who is to be told first of the scopes left behind
            end();
          }
          return null;
        }
        default -> {
          return null;
        }
      }
    }
  }

  private void end() {
    ended = true;
    last = run.end(this);
  }

  /** Begins to close the handle it came to, or to wait for who does; null if neither is needed. */
  private @Nullable Step begin(HandleNode<?> came) {
    if (came.claimToClose()) {
      return begin(came, came);
    }
    if (came.isClosing()) {
      return begin(came, null);
    }
    if (came.isClosed()) {
      run.steps.add(Step.over(came, now, now));
    }
    return null;
  }

  /** Begins to close a handle, or to wait for who does if it is not ours. */
  Step begin(HandleNode<?> came, @Nullable HandleNode<?> ours) {
    Step begun = new Step(came, ours, now);
    begun.shareNanos = run.shares.next(now, came.timeoutNanos(), run.walk.isLast(this));
    begun.due = now + begun.shareNanos;
    run.steps.add(begun);
    step = begun;
    run.lookBy(begun.due);
    return begun;
  }

  /** Ends a closing after its closer, or leaves it to whoever goes on with it. */
  private void end(Step mine, @Nullable Throwable failure, boolean over, long endedAt) {
    if (mine.phase != Step.Phase.GIVEN_UP) {
      step = null;
      now = endedAt;
    }
    noteInterrupt(mine, failure);
    if (over) {
      finish(mine, failure, endedAt);
    } else {
      mine.outcome = mine.phase == Step.Phase.RUNNING ? Outcome.PENDING : Outcome.HUNG;
      mine.phase = Step.Phase.GIVEN_UP;
      run.steps.changed();
    }
  }

  private void awaitInterrupt(Step mine) {
    while (mine.phase == Step.Phase.INTERRUPTING) {
      run.lock.unlock();
      try {
        root.time.park(run, Long.MAX_VALUE); // until the interrupt, or the word that it was sent
        Thread.interrupted();
      } finally {
        run.lock.lock();
      }
    }
  }

  /** What was meant for this closer must not reach the next; what somebody else meant for the caller must reach it later. */
  private void noteInterrupt(Step mine, @Nullable Throwable failure) {
    boolean set = Thread.interrupted();
    if ((set || failure instanceof InterruptedException) && mine.stuckAt.isEmpty()) {
      run.noteInterrupted();
    }
  }

  private void finish(Step mine, @Nullable Throwable failure, long endedAt) {
    Outcome outcome = switch (mine.phase) {
      case GIVEN_UP -> Outcome.LATE;
      case INTERRUPTED -> Outcome.TIMED_OUT;
      default -> failure != null ? Outcome.FAILED : run.isLate() ? Outcome.LATE : Outcome.CLOSED;
    };
    boolean obeyed = mine.phase != Step.Phase.RUNNING && failure instanceof InterruptedException;
    if (mine.phase == Step.Phase.RUNNING) {
      run.shares.inTime();
    }
    mine.over(outcome, obeyed ? null : failure, endedAt);
    run.steps.changed();
  }
}
