package io.leaksafe.schedule;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Closer;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.internal.tree.Waiting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One task of a scheduler: the timer that makes it due, the runs, and the closer that ends them. */
final class ScheduledTask extends Timer implements Runnable, Closer<Action>, Waiting {
  /*
   * waiting ──fire()──> queued ──run()──> running ──> waiting          (periodic)
   *                                          └──────> over             (one-shot)
   * Closed at any point: it leaves the timer, a queued run finds it closed and does nothing, a running one is waited for. One
   * whose key was taken is closed without a wait; its handle stays live until its run under way has ended, so that the close
   * of the scope waits for that, too.
   *
   * Everything below is guarded by the scheduler's lock, which is never held while the action runs. A task that took over
   * another's key runs after that one's run under way: it stands behind it until then. So a closed task keeps its key until
   * its run under way has ended, and one that is closed while it stands behind a run leaves the key to that.
   *
   * Proof: jcstress TaskAgainstClose, whose twin looks and begins in two steps and runs after its close.
   */
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledTask.class.getPackageName());
  private static final int SPINS = 200;

  private final TaskScheduler scheduler;
  private final Root root;
  private final ReentrantLock lock;
  private final @Nullable String key;
  private final Cadence cadence;
  private @Nullable Action action;
  private @Nullable HandleNode<Action> node;
  private @Nullable Thread runner;
  private @Nullable ScheduledTask ahead;
  private @Nullable ScheduledTask behind;
  private @Nullable CompletableFuture<?> endOfRun;
  private boolean closed;
  private long due;
  private long startedAt;
  private long runs;
  private long failures;
  private long lastTookNanos;
  private long lastLateNanos;

  ScheduledTask(TaskScheduler scheduler, @Nullable String key, Cadence cadence, Action action) {
    this.scheduler = scheduler;
    this.root = scheduler.root();
    this.lock = scheduler.lock();
    this.key = key;
    this.cadence = cadence;
    this.action = action;
  }

  /** Under the lock: whether its scope has been closed before it could begin. */
  boolean isClosed() {
    return closed;
  }

  /**
   * Under the lock: makes it wait for its first run, behind the one whose key it takes, if that is running.
   *
   * @return false if the engine is closed, so that it will never run
   */
  boolean begin(HandleNode<Action> itsNode, @Nullable ScheduledTask replaced) {
    node = itsNode;
    if (replaced != null) {
      ahead = replaced.runner != null ? replaced : replaced.ahead;
    }
    due = cadence.first(root.time);
    return root.engine.schedule(this, due);
  }

  @Override
  protected void fire() {
    if (!cadence.looksAgain() || !putOff()) {
      root.engine.execute(this);
    }
  }

  /** Whether what is due by the monotonic clock is not by the wall clock, or not at all any more. */
  private boolean putOff() {
    lock.lock();
    try {
      Long later = closed ? null : cadence.notBefore(root.time);
      if (later != null) {
        due = later;
        root.engine.schedule(this, later);
      }
      return closed || later != null;
    } finally {
      lock.unlock();
    }
  }

  /** On a worker. */
  @Override
  public void run() {
    Action todo = start();
    if (todo == null) {
      return;
    }
    if (Flight.recordsLateness() && Flight.isLate(lastLateNanos)) {
      Flight.late(path(), lastLateNanos);
    }
    Throwable failure = null;
    try {
      todo.run();
    } catch (Throwable thrown) { // counted and logged; a periodic task goes on
      failure = thrown;
    }
    end(failure);
  }

  /** Takes the lock for a short section. Others' are as short, so that it is worth a moment's wait before it parks. */
  private void lockBriefly() {
    for (int spins = 0; !lock.tryLock(); spins++) {
      if (spins == SPINS) {
        lock.lock();
        return;
      }
      Thread.onSpinWait();
    }
  }

  private @Nullable Action start() {
    lockBriefly();
    try {
      if (closed) {
        return null;
      }
      if (ahead != null && ahead.runner != null) {
        ahead.behind = this;
        return null;
      }
      ahead = null;
      runner = Thread.currentThread();
      startedAt = root.time.nanoTime();
      lastLateNanos = startedAt - due;
      return action;
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable Throwable failure) {
    boolean over;
    long run;
    ScheduledTask next;
    CompletableFuture<?> end;
    lockBriefly();
    try {
      runner = null;
      end = endOfRun;
      run = ++runs;
      lastTookNanos = root.time.nanoTime() - startedAt;
      if (failure != null) {
        failures++;
      }
      next = behind;
      behind = null;
      Long again = closed ? null : cadence.next(due, startedAt, root.time);
      over = again == null;
      if (again != null) {
        due = again;
        root.engine.schedule(this, again);
      }
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      LOG.warn("Timer '{}' failed in run {}, {}.", path(), run, cadence.words(), failure);
      root.engine.taskFailed("Timer '" + path() + "'", failure);
    }
    if (over) {
      finish();
    }
    if (next != null) {
      root.engine.execute(next);
    }
    if (end != null) {
      end.complete(null);
    }
    root.wakeWaiters();
  }

  private String path() {
    return Check.notNull(node, "node").path();
  }

  /** Ends it without waiting for its run under way, whose end is that of the handle. */
  void finish() {
    HandleNode<Action> ended;
    lock.lock();
    try {
      forget();
      ended = runner == null ? node : null;
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      ended.endedByItself();
    }
  }

  private void forget() {
    if (!closed) {
      closed = true;
      action = null;
      if (node != null) {
        root.engine.cancel(this);
      }
    }
    if (runner == null && key != null) {
      scheduler.free(key, this, ahead != null && ahead.runner != null ? ahead : null);
    }
  }

  /** Ends it, and waits for its run under way, unless that is this thread's or itself waits for this close. */
  @Override
  public void close(Action ignored) throws StillClosing {
    HandleNode<Action> self;
    lock.lock();
    try {
      forget();
      self = node;
    } finally {
      lock.unlock();
    }
    if (self != null && !root.awaitRun(self, this, this::interruptRun)) {
      throw new StillClosing(endOfRun());
    }
  }

  private CompletionStage<?> endOfRun() {
    CompletableFuture<?> end = new CompletableFuture<>();
    lock.lock();
    try {
      if (runner == null) {
        end.complete(null);
      } else {
        endOfRun = end;
      }
    } finally {
      lock.unlock();
    }
    return end;
  }

  @Override
  public @Nullable Thread waitsFor() {
    lock.lock();
    try {
      return runner;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts the run under way, and only that: it cannot end while the lock is held, and its worker clears the flag. */
  private void interruptRun() {
    lock.lock();
    try {
      if (runner != null) {
        runner.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What a listing says of a task that is to run in so long. */
  static Map<String, String> pending(String howOften, long nanos) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("runs", howOften);
    details.put("next in", Text.duration(Math.max(0, nanos)));
    return details;
  }

  /** What a listing says of it. */
  Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    lock.lock();
    try {
      details.put("runs", cadence.words());
      if (runner != null) {
        details.put("running for", Text.duration(root.time.nanoTime() - startedAt));
      } else if (!closed) {
        details.put("next in", Text.duration(Math.max(0, cadence.nanosUntil(due, root.time))));
      }
      if (runs > 0) {
        details.put("done", Text.count(runs, "time"));
        details.put("last took", Text.duration(lastTookNanos));
        details.put("last late by", Text.duration(lastLateNanos));
      }
      if (failures > 0) {
        details.put("failed", Text.count(failures, "time"));
      }
    } finally {
      lock.unlock();
    }
    return details;
  }
}
