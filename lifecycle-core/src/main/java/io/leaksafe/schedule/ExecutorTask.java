package io.leaksafe.schedule;

import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.tree.Node;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of a {@link TaskExecutor}: the future that its submitter holds. */
final class ExecutorTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {

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

  ExecutorTask(TaskExecutor executor, Callable<V> body, long due, long periodNanos) {
    super(body);
    this.executor = executor;
    this.due = due;
    this.periodNanos = periodNanos;
  }

  /** Has it run when it is due; false if the engine is closed. */
  boolean arm() {
    return executor.root().engine.schedule(timer, due);
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
    if (again) {
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

  boolean isRunning() {
    lock.lock();
    try {
      return runner != null;
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

  /** Whether it is not running, or its thread is this one or waits for the close of the node. */
  boolean needNotBeAwaited(Node node) {
    Thread running;
    lock.lock();
    try {
      running = runner;
    } finally {
      lock.unlock();
    }
    return running == null
        || running == Thread.currentThread()
        || executor.root().waitsFor(running, node);
  }

  @Override
  protected void setException(Throwable failure) {
    if (isPeriodic()) {
      LOG.warn(
          "A periodic task failed and, as the JDK's contract has it, will not run again.", failure);
    }
    super.setException(failure);
  }

  @Override
  protected void done() {
    executor.root().engine.cancel(timer);
    if (!isRunning()) {
      executor.over(this);
    }
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - executor.root().time.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
