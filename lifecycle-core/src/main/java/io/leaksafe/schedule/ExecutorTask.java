package io.leaksafe.schedule;

import io.leaksafe.internal.timer.Timer;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of a {@link TaskExecutor}: the future that its submitter holds. */
class ExecutorTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorTask.class.getPackageName());

  private final TaskExecutor executor;
  private final ReentrantLock lock = new ReentrantLock();

  /** Positive: from start to start. Negative: from end to start. Zero: runs once. */
  private final long periodNanos;

  private final Timer timer = new Timer() {
    @Override
    protected void fire() {
      executor.root().engine.execute(ExecutorTask.this);
    }
  };

  private volatile long due;
  private @Nullable Thread runner;
  private volatile @Nullable Future<?> inner;

  ExecutorTask(TaskExecutor executor, Callable<V> body, long due, long periodNanos) {
    super(body);
    this.executor = executor;
    this.due = due;
    this.periodNanos = periodNanos;
  }

  /** Has it run when it is due, unless it is done; false if the engine is closed. */
  boolean arm() {
    boolean accepted = executor.root().engine.schedule(timer, due);
    if (isDone()) { // cancelled just now, when there was no timer yet to be cancelled
      executor.root().engine.cancel(timer);
    }
    return accepted;
  }

  /** Has another future end with this one if this is cancelled: it is what this one would have run. */
  void cancels(Future<?> future) {
    inner = future;
  }

  @Override
  public boolean isPeriodic() {
    return periodNanos != 0;
  }

  @Override
  public void run() {
    setRunner(Thread.currentThread());
    boolean again = false;
    try {
      if (isPeriodic()) {
        again = runAndReset();
      } else {
        super.run();
      }
    } finally {
      setRunner(null);
    }
    if (again && !isDone()) {
      long now = executor.root().time.nanoTime();
      due = periodNanos > 0 ? due + periodNanos : now - periodNanos;
      executor.again(this);
    } else {
      executor.over(this);
    }
  }

  private void setRunner(@Nullable Thread thread) {
    lock.lock();
    try {
      runner = thread;
    } finally {
      lock.unlock();
    }
  }

  /** The thread that runs it now, if one does. */
  @Nullable
  Thread runner() {
    lock.lock();
    try {
      return runner;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts its run under way, and only that: it cannot end while the lock is held, and its worker clears the flag. */
  void interrupt() {
    lock.lock();
    try {
      if (runner != null) {
        runner.interrupt();
      }
    } finally {
      lock.unlock();
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
    }
    super.setException(failure);
  }

  @Override
  protected void done() {
    executor.root().engine.cancel(timer);
    Future<?> whatItRuns = inner;
    if (whatItRuns != null && isCancelled()) {
      whatItRuns.cancel(false);
    }
    if (runner() == null) {
      executor.over(this);
    }
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
