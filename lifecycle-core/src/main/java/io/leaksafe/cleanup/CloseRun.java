package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Root;
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
   *   Cursor.work   runs closers one after the other: the caller's thread for a child, a runner for a root.
   *   watch()       looks for closers whose share is over (Look): takes the stack, tells, interrupts, and, after a grace, gives
   *                 the thread up. The thread that waits for a root's close does this, and the Watchdog does it for the rest.
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
   *       it then clears its flag, before its next step begins. So an interrupt hits the closer it was meant for or nobody.
   *   I6  A handle that closed has left its scope before its step is over, so a scope that has been left behind is empty
   *       but for what hangs.
   *
   * Cost. A handle that closes in time costs one reading of the clock and one use of the lock: its step ends and the next
   * begins together. They part where somebody must be told in between, since whoever has begun a step may be interrupted
   * and given up, and a listener must not be.
   *
   * Proof: jcstress CursorGoesOnOnce (I2), CloseClaimOnce (claims) and InterruptHandBack (I5), each with a twin that fails.
   */
  final TreeScope scope;
  final Root root;
  final Announcer announcer;
  final ReentrantLock lock = new ReentrantLock();
  final Walk walk = new Walk(this);
  final Steps steps = new Steps();
  final Shares shares;
  private final Watcher watcher;

  /** Scopes that have been left behind and of which the listener has not been told. */
  private @Nullable List<Step> untold;

  private final long startedAt;
  private volatile long wakeAt;
  private long finishedAt;
  private volatile boolean finished;

  /** Whether it finished with everything closed in time, which nothing can change any more. Written before finished. */
  private boolean clean;

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
    this.announcer = scope.announcer();
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

  void noteInterrupted() {
    interrupted = true;
  }

  // ---- the beginning

  /** Closes the whole scope on this thread, unless that is given up. */
  void work() {
    Cursor cursor;
    Step first;
    lock.lock();
    try {
      cursor = walk.start(scope, startedAt);
      first = cursor.advance();
    } finally {
      lock.unlock();
    }
    cursor.work(first);
  }

  /** Closes one handle that the caller has claimed, on this thread, and returns how that went. */
  Entry closeOne(HandleNode<?> node) {
    Cursor cursor;
    Step only;
    lock.lock();
    try {
      single = true;
      cursor = walk.start(null, startedAt);
      only = cursor.begin(node, node);
    } finally {
      lock.unlock();
    }
    cursor.work(only);
    return entry(only);
  }

  /** Under the lock: sees to it that somebody looks by then. */
  void lookBy(long due) {
    if (due - wakeAt < 0) {
      wakeAt = due;
      watcher.wakeBy(this, due);
    }
  }

  // ---- helpers

  /** Adds cursors, and as many threads, for the group a cursor came to. */
  void spread(Frame group, long now) {
    for (int more = Math.min(group.scope.width(), group.independent) - 1; more > 0; more--) {
      Cursor helper;
      lock.lock();
      try {
        helper = walk.help(group, now);
      } finally {
        lock.unlock();
      }
      if (!startRunner(helper)) {
        helper.retire();
        return;
      }
    }
  }

  /** Has a fresh thread go on with a cursor; false if the machine has none to give. */
  boolean startRunner(Cursor cursor) {
    try {
      scope.top().startRunner(cursor::workFromNow);
      return true;
    } catch (Throwable noThread) {
      announcer.noThread(noThread);
      return false;
    }
  }

  // ---- the end

  /** Under the lock: takes a cursor away that has come to its end; true if it was the last. */
  boolean end(Cursor cursor) {
    if (!walk.end(cursor)) {
      return false;
    }
    steps.changed();
    finishedAt = cursor.now;
    clean = steps.allClosed(scope, true);
    finished = true;
    return true;
  }

  /** Without the lock: the last cursor has come to its end. */
  void ended() {
    if (single) {
      scope.top().watchdog().remove(this);
    } else {
      scope.finished(this);
    }
  }

  /** Without the lock: a helper has come to its end. */
  void wakeThoseThatWait() {
    List<Thread> waiting;
    lock.lock();
    try {
      waiting = walk.waiting();
    } finally {
      lock.unlock();
    }
    waiting.forEach(root.time::unpark);
  }

  /** Whether what ends now ends after somebody was told that this close is not complete. Under the lock. */
  boolean isLate() {
    return reportedOpen;
  }

  /** Without the lock: a step of this run ended after it was given up, or after somebody stopped waiting. */
  void cameBack() {
    if (finished && !single) {
      announcer.cameBack(scope, this);
    }
  }

  /** Under the lock: a scope has been left behind, whole. */
  void left(Frame frame, long now) {
    frame.scope.endClose();
    boolean below = frame.scope != scope;
    boolean told = frame.scope != scope.top() && announcer.listening();
    if (below || told) {
      Step step = Step.over(frame.scope, frame.startedAt, now);
      if (below) {
        steps.add(step);
        root.wakeWaiters();
      }
      if (told) {
        tellLater(step);
      }
    }
  }

  private void tellLater(Step step) {
    List<Step> later = untold;
    if (later == null) {
      later = new ArrayList<>();
      untold = later;
    }
    later.add(step);
  }

  /** Without the lock: tells the listener of the scopes that have been left behind. */
  void tellOfScopes() {
    List<Step> left;
    lock.lock();
    try {
      left = untold == null ? List.of() : untold;
      untold = null;
    } finally {
      lock.unlock();
    }
    left.forEach(step -> announcer.ended(entry(step)));
  }

  // ---- looking

  /** Interrupts closers whose share is over, and gives up those whose grace is; {@link #nextLook} says when to call again. */
  void watch() {
    Look look = new Look(this);
    lock.lock();
    try {
      wakeAt = look.take(root.time.nanoTime());
    } finally {
      lock.unlock();
    }
    look.act();
  }

  /** Under the lock: a step that was interrupted is due anew. */
  void dueAgain(long due) {
    wakeAt = due - wakeAt < 0 ? due : wakeAt;
  }

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
    if (finished && clean) {
      return true;
    }
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

  Entry entry(Step step) {
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
