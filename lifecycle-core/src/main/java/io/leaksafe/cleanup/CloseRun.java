package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.Root;
import java.time.Duration;
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
   * Proof: jcstress CloseClaimOnce (I2, claims) and InterruptHandBack (I5), each with a twin that fails.
   */
  private final TreeScope scope;
  private final Root root;
  private final Watcher watcher;
  private final ReentrantLock lock = new ReentrantLock();
  private final Walk walk;
  private final Shares shares;
  private final List<Step> steps = new ArrayList<>();
  private final long startedAt;
  private long wakeAt;
  private long finishedAt;
  private volatile boolean finished;

  /** Set if it closes one handle and not the scope. */
  private boolean single;

  /** Set when somebody was told that this close is not complete: what ends from then on is late. */
  private boolean reportedOpen;

  private @Nullable CloseReport cached;

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
    this.walk = new Walk(this, root.time::nanoTime, this::left);
  }

  /** When to call {@link #watch} first. */
  long firstLook() {
    return shares.firstLook();
  }

  /** When whoever waits for this close gives up waiting. */
  long waitUntil() {
    return shares.waitUntil();
  }

  boolean isFinished() {
    return finished;
  }

  // ---- work

  /** Closes the whole scope on this thread, unless that is given up. */
  void work() {
    Cursor cursor;
    lock.lock();
    try {
      cursor = walk.start(scope);
    } finally {
      lock.unlock();
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
      cursor = walk.start(null);
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
      lock.lock();
      try {
        move = walk.next(cursor);
        if (move == Walk.Move.HANDLE) {
          Step step = start(cursor);
          if (step != null) {
            return step;
          }
        } else if (move == Walk.Move.WAIT) {
          cursor.waiting = Thread.currentThread();
        }
      } finally {
        lock.unlock();
      }
      if (move == Walk.Move.END) {
        return null;
      }
      if (move == Walk.Move.GROUP) {
        spread(cursor);
      } else if (move == Walk.Move.WAIT) {
        root.time.park(this, Long.MAX_VALUE);
        Thread.interrupted(); // nothing of ours to interrupt here, and a set flag would make this
        // spin
      }
    }
  }

  /** Under the lock: begins to close the handle a cursor came to, or to wait for who does; null if there is nothing to do. */
  private @Nullable Step start(Cursor cursor) {
    HandleNode<?> node = Check.notNull(cursor.node, "node");
    if (node.claim()) {
      return start(cursor, node, node);
    }
    if (node.isClosing()) {
      return start(cursor, node, null);
    }
    if (node.isClosed()) {
      long now = root.time.nanoTime();
      steps.add(Step.over(node, now, now));
    }
    return null;
  }

  private Step start(Cursor cursor, HandleNode<?> node, @Nullable HandleNode<?> ours) {
    long now = root.time.nanoTime();
    Step step = new Step(node, ours, now);
    step.shareNanos = shares.next(now, node.timeoutNanos(), walk.isLast(cursor));
    step.due = now + step.shareNanos;
    steps.add(step);
    cursor.step = step;
    cached = null;
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
    boolean over = true;
    lock.lock();
    try {
      while (step.phase == Step.Phase.INTERRUPTING) {
        awaitInterrupt();
      }
      goesOn = step.phase != Step.Phase.GIVEN_UP;
      if (goesOn) {
        cursor.step = null;
      }
      if (failure instanceof StillClosing || (step.ours == null && step.node.isClosing())) {
        step.outcome = step.phase == Step.Phase.RUNNING ? Outcome.PENDING : Outcome.HUNG;
        step.phase = Step.Phase.GIVEN_UP;
        over = false;
      } else {
        finish(step, failure);
      }
    } finally {
      lock.unlock();
    }
    if (goesOn) {
      Thread.interrupted(); // what was meant for this closer must not reach the next
    }
    if (over) {
      settled(step);
    } else {
      awaitReturn(step, failure);
    }
    return goesOn;
  }

  private void awaitInterrupt() {
    lock.unlock();
    try {
      root.time.park(
          this, Long.MAX_VALUE); // ended by the interrupt, or by the word that it was sent
      Thread.interrupted();
    } finally {
      lock.lock();
    }
  }

  /** Under the lock. */
  private void finish(Step step, @Nullable Throwable failure) {
    Outcome outcome = switch (step.phase) {
      case GIVEN_UP -> Outcome.LATE;
      case INTERRUPTED -> Outcome.TIMED_OUT;
      default -> failure != null ? Outcome.FAILED : reportedOpen ? Outcome.LATE : Outcome.CLOSED;
    };
    boolean obeyed = step.phase != Step.Phase.RUNNING && failure instanceof InterruptedException;
    step.over(outcome, obeyed ? null : failure, root.time.nanoTime());
    cached = null;
  }

  /** Without the lock: a step is over. */
  private void settled(Step step) {
    if (step.ours != null) {
      step.ours.over();
    }
    scope.announcer().ended(entryIfWanted(step));
    if (finished && !single && step.outcome == Outcome.LATE) {
      scope.cameBack(this);
    }
  }

  private @Nullable Entry entryIfWanted(Step step) {
    return step.outcome != Outcome.CLOSED || scope.announcer().listening() ? entry(step) : null;
  }

  /** A closing goes on elsewhere, without a thread of this run; it says when it has ended. */
  private void awaitReturn(Step step, @Nullable Throwable failure) {
    scope.announcer().ended(entryIfWanted(step));
    if (failure instanceof StillClosing pending) {
      pending.whenEnded(thrown -> returned(step, AsyncCloser.unwrap(thrown)));
    } else {
      root.whenEnded(step.node, () -> returned(step, null));
    }
  }

  private void returned(Step step, @Nullable Throwable failure) {
    lock.lock();
    try {
      finish(step, failure);
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
        helper = walk.help(group);
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
      scope.top().startRunner(() -> work(cursor));
      return true;
    } catch (Throwable noThread) {
      scope.announcer().noThread(noThread);
      return false;
    }
  }

  private void leave(Cursor cursor) {
    boolean last;
    List<Thread> waiting = new ArrayList<>(1);
    lock.lock();
    try {
      last = walk.end(cursor);
      for (Cursor each : walk.cursors()) {
        if (each.waiting != null) {
          waiting.add(each.waiting);
        }
      }
      if (last) {
        finishedAt = root.time.nanoTime();
        finished = true;
        cached = null;
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
  private void left(Frame frame) {
    frame.scope.endClose();
    if (frame.scope != scope) {
      steps.add(Step.over(frame.scope, frame.startedAt, root.time.nanoTime()));
    }
  }

  // ---- watch

  /**
   * Interrupts closers whose share is over, and gives up those whose grace is.
   *
   * @return when to call again, by the monotonic clock
   */
  long watch() {
    List<Cursor> overdue = new ArrayList<>();
    List<Cursor> hung = new ArrayList<>();
    long nextLook;
    lock.lock();
    try {
      nextLook = sort(root.time.nanoTime(), overdue, hung);
    } finally {
      lock.unlock();
    }
    for (Cursor cursor : overdue) {
      long due = interrupt(Check.notNull(cursor.step, "step"));
      nextLook = due - nextLook < 0 ? due : nextLook;
    }
    for (Cursor cursor : hung) {
      if (!startRunner(cursor)) {
        work(cursor);
      }
    }
    return nextLook;
  }

  /** Under the lock: finds what is overdue and what is hung, and notes it; returns when the next one will be. */
  private long sort(long now, List<Cursor> overdue, List<Cursor> hung) {
    long nextLook = now + Shares.LONGEST_LOOK_NANOS;
    for (Cursor cursor : walk.cursors()) {
      Step step = cursor.step;
      if (step == null) {
        continue;
      }
      boolean inVain = step.ours != null && root.waitsFor(step.thread, step.node);
      if (step.due - now > 0 && !inVain) {
        nextLook = step.due - nextLook < 0 ? step.due : nextLook;
      } else if (step.phase == Step.Phase.RUNNING && !inVain) {
        step.phase = Step.Phase.INTERRUPTING;
        shares.overrun();
        overdue.add(cursor);
      } else if (step.phase != Step.Phase.INTERRUPTING) {
        step.phase = Step.Phase.GIVEN_UP;
        step.outcome = Outcome.HUNG;
        cursor.step = null;
        cached = null;
        hung.add(cursor);
      }
    }
    wakeAt = nextLook;
    return nextLook;
  }

  private long interrupt(Step step) {
    step.stuckAt = Node.userFrames(step.laggard());
    scope.announcer().overdue(entry(step));
    step.thread.interrupt();
    long due;
    lock.lock();
    try {
      due = root.time.nanoTime() + Shares.grace(step.shareNanos);
      step.due = due;
      step.phase = Step.Phase.INTERRUPTED;
      wakeAt = due - wakeAt < 0 ? due : wakeAt;
    } finally {
      lock.unlock();
    }
    root.time.unpark(step.thread);
    return due;
  }

  // ---- report

  /** Whether the thread runs a closer of this run, of a handle in the given scope. */
  boolean isClosedBy(Thread thread, TreeScope within) {
    lock.lock();
    try {
      return steps.stream()
          .anyMatch(step -> step.thread == thread
              && step.ours != null
              && step.phase != Step.Phase.OVER
              && step.node.isWithin(within));
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is through and every handle closed as it should. */
  boolean wasClean() {
    lock.lock();
    try {
      return finished && steps.stream().allMatch(step -> step.outcome == Outcome.CLOSED);
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
      if (of != scope) {
        return write(of);
      }
      CloseReport report = cached;
      if (report == null) {
        report = write(of);
        cached = report;
      }
      return report;
    } finally {
      lock.unlock();
    }
  }

  private CloseReport write(TreeScope of) {
    long now = root.time.nanoTime();
    List<Entry> entries = new ArrayList<>();
    for (Step step : steps) {
      if (step.node != of && step.node.isWithin(of)) {
        entries.add(step.entry(now));
      }
    }
    walk.ahead(node -> {
      if (node != of && node.isWithin(of)) {
        entries.add(Step.ahead(node, now));
      }
    });
    boolean complete = entries.stream().noneMatch(Entry::live) && (finished || of.isClosed());
    long end = finished ? finishedAt : now;
    return new CloseReport(
        of.path(),
        root.instantOf(startedAt),
        Duration.ofNanos(end - startedAt),
        complete,
        List.copyOf(entries));
  }
}
