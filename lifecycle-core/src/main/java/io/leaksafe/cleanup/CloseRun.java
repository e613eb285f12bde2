package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One close in progress: of a scope with all that is below it, or of a single handle. */
final class CloseRun {
  /*
   * Idea. A run walks the tree in closing order. Where it stands is kept in a Cursor, not on a thread's stack: so when a
   * closer hangs, its thread is given up and a fresh one goes on from the cursor with the next handle. A group adds cursors,
   * so that several of its child scopes close at a time.
   *
   * Who does what.
   *   work(cursor)   runs closers one after the other: the caller's thread for a child, a runner for a root.
   *   watch()        looks for closers whose share is over: takes the stack, tells, interrupts, and, after a grace, gives the
   *                  thread up. The thread that waits for a root's close does this, and the Watchdog does it for the rest.
   *
   * Several runs may meet in one scope: somebody closes a child while its parent's close arrives there. Each handle is
   * closed by whoever claims it; the others wait for that before they go on, so the order holds, and then help with the
   * rest. Nobody waits for a thread that itself waits for this close.
   *
   * Invariants.
   *   I1  No lock is held while a closer or a listener runs, nor while a thread is interrupted.
   *   I2  At most one thread goes on with a cursor: the one that ended its step or, if that was given up, the one started
   *       then. A thread learns under the lock, when its closer ends, which of the two it is.
   *   I3  Every node that stood in a sealed scope is in exactly one step or still ahead of the cursors.
   *   I4  wakeAt is not later than any step's due time, or the watcher is about to be woken. Both change under the lock.
   *   I5  An interrupt is sent only while the step is INTERRUPTING, and the step's thread leaves that only after it was sent;
   *       it then clears its flag. So an interrupt hits the closer it was meant for or nobody.
   *
   * Proof: jcstress CursorGoesOnOnce (I2), CloseClaimOnce (claims) and InterruptHandBack (I5), each with a twin that fails.
   */
  private final TreeScope scope;
  private final Root root;
  private final Watcher watcher;
  private final ReentrantLock lock = new ReentrantLock();
  private final Walk walk = new Walk(this);
  private final Steps steps = new Steps();
  private final Shares shares;

  /** Scopes that have been left behind and of which the listener has not been told. */
  private final List<Step> untold = new ArrayList<>(0);

  private final long startedAt;
  private volatile long wakeAt;
  private long finishedAt;
  private volatile boolean finished;

  private volatile boolean interrupted;

  /** Set if it closes one handle and not the scope. */
  private boolean single;

  /** Set when somebody was told that this close is not complete: what ends from then on is late. */
  private boolean reportedOpen;

  /** Its neighbours among the runs that the watchdog looks after. */
  @Nullable
  CloseRun previousWatched;

  @Nullable
  CloseRun nextWatched;

  CloseRun(TreeScope scope, Watcher watcher) {
    this.scope = scope;
    this.root = scope.root();
    this.watcher = watcher;
    this.startedAt = root.time.nanoTime();
    this.shares = new Shares(startedAt, scope.top().totalNanos());
    this.wakeAt = shares.firstLook();
  }

  /** When to call {@link #watch} first. */
  long firstLook() {
    return shares.firstLook();
  }

  /** When to call {@link #watch} next; takes no lock. */
  long nextLook() {
    return wakeAt;
  }

  /** When whoever waits for this close gives up waiting. */
  long waitUntil() {
    return shares.waitUntil();
  }

  boolean isFinished() {
    return finished;
  }

  /** Whether somebody else interrupted a thread while it was closing. */
  boolean wasInterrupted() {
    return interrupted;
  }

  // ---- work

  /** Closes the whole scope on this thread, unless that is given up. */
  void work() {
    Cursor cursor;
    Frame frame;
    lock.lock();
    try {
      cursor = walk.start(scope, startedAt);
      frame = cursor.frame;
    } finally {
      lock.unlock();
    }
    if (frame != null && frame.independent > 1) {
      spread(cursor);
    }
    work(cursor);
  }

  /** Closes one handle that the caller has claimed, on this thread, and returns how that went. */
  Entry closeOne(HandleNode<?> node) {
    Cursor cursor;
    Step step;
    lock.lock();
    try {
      single = true;
      cursor = walk.start(null, startedAt);
      step = start(cursor, node, node);
    } finally {
      lock.unlock();
    }
    if (perform(cursor, step)) {
      leave(cursor);
    }
    return entry(step);
  }

  private void work(Cursor cursor) {
    for (Step step = next(cursor); step != null; step = next(cursor)) {
      if (!perform(cursor, step)) {
        return; // given up; another thread goes on with this cursor
      }
    }
    leave(cursor);
  }

  /** Returns the next closing, begun, or null at the end. */
  private @Nullable Step next(Cursor cursor) {
    for (; ; ) {
      Walk.Move move;
      Step step = null;
      lock.lock();
      try {
        move = walk.next(cursor);
        if (move == Walk.Move.HANDLE) {
          step = start(cursor);
        } else if (move == Walk.Move.WAIT) {
          cursor.waiting = Thread.currentThread();
        }
      } finally {
        lock.unlock();
      }
      if (scope.announcer().listening()) {
        tellOfScopes();
      }
      if (step != null) {
        return step;
      }
      if (move == Walk.Move.END) {
        return null;
      }
      if (move == Walk.Move.GROUP) {
        spread(cursor);
      } else if (move == Walk.Move.WAIT) {
        awaitHelpers(cursor);
      }
    }
  }

  private void awaitHelpers(Cursor cursor) {
    root.time.park(this, Long.MAX_VALUE);
    Thread.interrupted(); // no closer to interrupt here, and a set flag would make this spin
    cursor.now = root.time.nanoTime();
  }

  /** Under the lock: begins to close the handle a cursor came to, or to wait for who does; null if neither is needed. */
  private @Nullable Step start(Cursor cursor) {
    HandleNode<?> node = Check.notNull(cursor.node, "node");
    if (node.claimToClose()) {
      return start(cursor, node, node);
    }
    if (node.isClosing()) {
      return start(cursor, node, null);
    }
    if (node.isClosed()) {
      steps.add(Step.over(node, cursor.now, cursor.now));
    }
    return null;
  }

  private Step start(Cursor cursor, HandleNode<?> node, @Nullable HandleNode<?> ours) {
    Step step = new Step(node, ours, cursor.now);
    step.shareNanos = shares.next(cursor.now, node.timeoutNanos(), walk.isLast(cursor));
    step.due = cursor.now + step.shareNanos;
    steps.add(step);
    cursor.step = step;
    if (step.due - wakeAt < 0) {
      wakeAt = step.due;
      watcher.wakeBy(this, wakeAt);
    }
    return step;
  }

  /** Runs one step; false if this thread was given up meanwhile. */
  private boolean perform(Cursor cursor, Step step) {
    Throwable failure = null;
    try {
      if (step.ours == null) {
        awaitOther((HandleNode<?>) step.node);
      } else {
        step.ours.runCloser();
      }
    } catch (Throwable thrown) { // goes to the report; every other closer still runs
      failure = thrown;
    }
    return end(cursor, step, failure);
  }

  private void awaitOther(HandleNode<?> other) throws InterruptedException {
    if (!root.await(
        other, () -> !other.awaitEnd() || root.waitsFor(other.closingThread(), other), null)) {
      throw new InterruptedException();
    }
  }

  /** Ends a step after its closer; false if this thread was given up meanwhile. */
  private boolean end(Cursor cursor, Step step, @Nullable Throwable failure) {
    boolean goesOn;
    boolean over;
    long now = root.time.nanoTime();
    lock.lock();
    try {
      while (step.phase == Step.Phase.INTERRUPTING) {
        awaitInterrupt();
      }
      goesOn = step.phase != Step.Phase.GIVEN_UP;
      if (goesOn) {
        cursor.step = null;
        cursor.now = now;
      }
      over = !(failure instanceof StillClosing || (step.ours == null && step.node.isClosing()));
      if (over) {
        finish(step, failure, now);
      } else {
        step.outcome = step.phase == Step.Phase.RUNNING ? Outcome.PENDING : Outcome.HUNG;
        step.phase = Step.Phase.GIVEN_UP;
        steps.changed();
      }
    } finally {
      lock.unlock();
    }
    noteInterrupt(step, failure);
    if (over) {
      settled(step);
    } else {
      awaitReturn(step, failure);
    }
    return goesOn;
  }

  /** What was meant for this closer must not reach the next; what somebody else meant for the caller must reach it later. */
  private void noteInterrupt(Step step, @Nullable Throwable failure) {
    boolean set = Thread.interrupted();
    if ((set || failure instanceof InterruptedException) && step.stuckAt.isEmpty()) {
      interrupted = true;
    }
  }

  private void awaitInterrupt() {
    lock.unlock();
    try {
      root.time.park(this, Long.MAX_VALUE); // until the interrupt, or the word that it was sent
      Thread.interrupted();
    } finally {
      lock.lock();
    }
  }

  /** Under the lock. */
  private void finish(Step step, @Nullable Throwable failure, long now) {
    Outcome outcome = switch (step.phase) {
      case GIVEN_UP -> Outcome.LATE;
      case INTERRUPTED -> Outcome.TIMED_OUT;
      default -> failure != null ? Outcome.FAILED : reportedOpen ? Outcome.LATE : Outcome.CLOSED;
    };
    boolean obeyed = step.phase != Step.Phase.RUNNING && failure instanceof InterruptedException;
    if (step.phase == Step.Phase.RUNNING) {
      shares.inTime();
    }
    step.over(outcome, obeyed ? null : failure, now);
    steps.changed();
  }

  /** Without the lock: a step is over. */
  private void settled(Step step) {
    if (step.ours != null) {
      step.ours.over();
    }
    if (step.outcome != Outcome.CLOSED || scope.announcer().listening()) {
      scope.announcer().ended(entry(step));
    }
    if (finished && !single && step.outcome == Outcome.LATE) {
      scope.announcer().cameBack(scope, this);
    }
  }

  /** A closing goes on elsewhere, without a thread of this run, and says when it has ended. */
  private void awaitReturn(Step step, @Nullable Throwable failure) {
    scope.announcer().ended(entry(step));
    if (failure instanceof StillClosing pending) {
      pending.whenEnded(thrown -> returned(step, AsyncCloser.unwrap(thrown)));
    } else {
      root.whenEnded(step.node, () -> returned(step, null));
    }
  }

  private void returned(Step step, @Nullable Throwable failure) {
    lock.lock();
    try {
      finish(step, failure, root.time.nanoTime());
    } finally {
      lock.unlock();
    }
    settled(step);
  }

  // ---- threads

  /** Adds cursors, and as many threads, for the group a cursor came to. */
  private void spread(Cursor cursor) {
    Frame group = Check.notNull(cursor.frame, "frame");
    for (int more = Math.min(group.scope.width(), group.independent) - 1; more > 0; more--) {
      Cursor helper;
      lock.lock();
      try {
        helper = walk.help(group, cursor.now);
      } finally {
        lock.unlock();
      }
      if (!startRunner(helper)) {
        leave(helper);
        return;
      }
    }
  }

  /** Has a fresh thread go on with a cursor; false if the machine has none to give. */
  private boolean startRunner(Cursor cursor) {
    try {
      scope.top().startRunner(() -> {
        cursor.now = root.time.nanoTime();
        work(cursor);
      });
      return true;
    } catch (Throwable noThread) {
      scope.announcer().noThread(noThread);
      return false;
    }
  }

  private void leave(Cursor cursor) {
    boolean last;
    List<Thread> waiting;
    lock.lock();
    try {
      last = walk.end(cursor);
      waiting = last ? List.of() : walk.waiting();
      if (last) {
        finishedAt = cursor.now;
        finished = true;
        steps.changed();
      }
    } finally {
      lock.unlock();
    }
    waiting.forEach(root.time::unpark);
    if (last && single) {
      scope.top().watchdog().remove(this);
    } else if (last) {
      scope.finished(this);
    }
  }

  /** Under the lock: a scope has been left behind, whole. */
  void left(Frame frame, long now) {
    frame.scope.endClose();
    Step step = Step.over(frame.scope, frame.startedAt, now);
    if (frame.scope != scope) {
      steps.add(step);
      root.wakeWaiters();
    }
    if (frame.scope != scope.top() && scope.announcer().listening()) {
      untold.add(step);
    }
  }

  private void tellOfScopes() {
    List<Step> left;
    lock.lock();
    try {
      left = List.copyOf(untold);
      untold.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(step -> scope.announcer().ended(entry(step)));
  }

  // ---- watch

  /** Interrupts closers whose share is over, and gives up those whose grace is; {@link #nextLook} says when to call again. */
  void watch() {
    List<Cursor> overdue = new ArrayList<>();
    List<Cursor> hung = new ArrayList<>();
    List<Entry> givenUp = new ArrayList<>();
    lock.lock();
    try {
      wakeAt = sort(root.time.nanoTime(), overdue, hung, givenUp);
    } finally {
      lock.unlock();
    }
    for (Cursor cursor : overdue) {
      interrupt(Check.notNull(cursor.step, "step"));
    }
    for (Cursor cursor : hung) {
      if (!startRunner(cursor)) {
        work(cursor);
      }
    }
    givenUp.forEach(scope.announcer()::ended);
  }

  /** Under the lock: finds what is overdue and what is hung, and notes it; returns when the next one will be. */
  private long sort(long now, List<Cursor> overdue, List<Cursor> hung, List<Entry> givenUp) {
    long nextLook = now + Shares.LONGEST_LOOK_NANOS;
    for (Cursor cursor : walk.cursors()) {
      Step step = cursor.step;
      if (step == null || step.phase == Step.Phase.INTERRUPTING) {
        continue;
      }
      boolean inVain = step.ours != null && root.waitsFor(step.thread, step.node);
      if (step.due - now > 0 && !inVain) {
        nextLook = step.due - nextLook < 0 ? step.due : nextLook;
      } else if (step.phase == Step.Phase.RUNNING && !inVain) {
        step.phase = Step.Phase.INTERRUPTING;
        shares.overrun();
        overdue.add(cursor);
      } else {
        step.phase = Step.Phase.GIVEN_UP;
        step.outcome = Outcome.HUNG;
        cursor.step = null;
        steps.changed();
        hung.add(cursor);
        givenUp.add(step.entry(now));
      }
    }
    return nextLook;
  }

  private void interrupt(Step step) {
    step.stuckAt = Node.userFrames(step.laggard());
    scope.announcer().overdue(entry(step));
    step.thread.interrupt();
    lock.lock();
    try {
      step.due = root.time.nanoTime() + Shares.grace(step.shareNanos);
      step.phase = Step.Phase.INTERRUPTED;
      wakeAt = step.due - wakeAt < 0 ? step.due : wakeAt;
    } finally {
      lock.unlock();
    }
    root.time.unpark(step.thread);
  }

  // ---- report

  /** Whether the thread runs a closer of this run, of a handle in the given scope. */
  boolean isClosedBy(Thread thread, TreeScope within) {
    lock.lock();
    try {
      return steps.anyRunBy(thread, within);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a scope is closed, and this run has nothing under way there any more nor ahead of it. */
  boolean isThrough(TreeScope of) {
    lock.lock();
    try {
      boolean left = of != scope && !steps.anyUnderWay(of) && walk.hasLeft(of);
      return of.isClosed() && (finished || left);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the close of a scope is through and every handle in it closed as it should. */
  boolean wasClean(TreeScope of) {
    lock.lock();
    try {
      return (finished || of.isClosed()) && steps.allClosed(of, of == scope);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that somebody stops waiting for this close: what ends from now on is late. */
  void stopWaiting() {
    lock.lock();
    try {
      reportedOpen = !finished;
    } finally {
      lock.unlock();
    }
  }

  private Entry entry(Step step) {
    lock.lock();
    try {
      return step.entry(root.time.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** What is known now of a scope that this run closes. */
  CloseReport report(TreeScope of) {
    lock.lock();
    try {
      boolean through = finished || of.isClosed();
      long now = root.time.nanoTime();
      long took = (finished ? finishedAt : now) - startedAt;
      return steps.report(of, of == scope, through, root.instantOf(startedAt), took, walk, now);
    } finally {
      lock.unlock();
    }
  }
}
