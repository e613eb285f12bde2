package io.leaksafe.schedule;

import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.timer.TimerGroup;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of a {@link TaskExecutor}: the future that its submitter holds. */
class ExecutorTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
  /*
   * It is over when it is done and does not run. Whoever ends it first enters that in the future and then looks whether it
   * runs; whoever ends the run first takes the thread away and then looks whether it is done. One of them sees both, and the
   * flag lets only one tell. Proof: jcstress OverOnce, whose twin looks at the flag and sets it in two steps.
   */
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorTask.class.getPackageName());

  private final TaskExecutor executor;
  private final Due timer = new Due();
  private final AtomicBoolean over = new AtomicBoolean();

  /** Positive: from start to start. Negative: from end to start. Zero: runs once. */
  private final long periodNanos;

  private volatile long due;
  private volatile @Nullable RunThread runner;
  private volatile @Nullable Future<?> inner;

  ExecutorTask(TaskExecutor executor, Callable<V> body, long due, long periodNanos) {
    super(executor.decorated(body));
    this.executor = executor;
    this.due = due;
    this.periodNanos = periodNanos;
  }

  /** When it is due, and what a worker runs then. */
  final class Due extends Timer implements Runnable {

    @Override
    protected TimerGroup timers() {
      return executor.timers();
    }

    @Override
    protected void fire() {
      if (!executor.pass(ExecutorTask.this)) {
        ExecutorTask.this.cancel(false);
      }
    }

    @Override
    public void run() {
      if (begin()) {
        perform();
      }
    }

    ExecutorTask<V> task() {
      return ExecutorTask.this;
    }
  }

  Due timer() {
    return timer;
  }

  long due() {
    return due;
  }

  /** Has another future end with this one if this is cancelled: it is what this one would have run. */
  void cancels(Future<?> future) {
    inner = future;
  }

  @Override
  public boolean isPeriodic() {
    return periodNanos != 0;
  }

  /** Runs it where it is not expected to run: by somebody who got hold of it. As with the JDK's, it counts as its run. */
  @Override
  public void run() {
    if (!isPeriodic()) {
      super.run();
    }
  }

  private void perform() {
    if (Flight.recordsLateness()) {
      recordLateness();
    }
    RunThread thread = new RunThread();
    runner = thread;
    boolean again = false;
    try {
      if (isPeriodic()) {
        again = runAndReset();
      } else {
        super.run();
      }
    } finally {
      thread.end();
      runner = null;
    }
    executor.hasRun(this);
    if (again && !isDone()) {
      long now = executor.root().time.nanoTime();
      due = periodNanos > 0 ? due + periodNanos : now - periodNanos;
      executor.again(this);
    }
    overIfDone();
  }

  private void recordLateness() {
    long late = executor.root().time.nanoTime() - due;
    if (Flight.isLate(late)) {
      Flight.late(executor.path(), late);
    }
  }

  private void overIfDone() {
    if (isDone() && runner == null && over.compareAndSet(false, true)) {
      executor.over();
    }
  }

  /** It was not accepted, so nothing is to be told of its end. */
  boolean refuse() {
    return over.compareAndSet(false, true);
  }

  /** The thread that runs it now, if one does. */
  @Nullable
  Thread runner() {
    RunThread thread = runner;
    return thread == null ? null : thread.get();
  }

  /** Interrupts its run under way, and only that. */
  void interrupt() {
    RunThread thread = runner;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  protected void setException(Throwable failure) {
    if (isPeriodic()) {
      LOG.warn(
          "A periodic task of executor '{}' failed and, as the JDK's contract has it, runs no more. "
              + "Give it to the scheduler's own every(), whose tasks go on.",
          executor.path(),
          failure);
      executor
          .root()
          .engine
          .taskFailed("A periodic task of executor '" + executor.path() + "'", failure);
    }
    super.setException(failure);
  }

  @Override
  protected void done() {
    if (executor.timers().cancel(timer) || timer.stop()) {
      executor.hasRun(this);
    }
    Future<?> whatItRuns = inner;
    if (whatItRuns != null && isCancelled()) {
      whatItRuns.cancel(false);
    }
    overIfDone();
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - executor.root().time.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    if (other instanceof ExecutorTask<?> task && task.executor.root() == executor.root()) {
      return Long.signum(due - task.due);
    }
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
