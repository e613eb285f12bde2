package io.leaksafe.schedule;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The JDK's contract over a scheduler's engine. As with the JDK's own pool, {@code shutdown()} ends periodic tasks and lets
 * delayed ones run; {@code shutdownNow()}, and the close of the scope, end them all, and leave no future that never ends.
 */
final class TaskExecutor extends AbstractExecutorService implements ScheduledExecutorService {

  private final Root root;
  private final String path;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<ExecutorTask<?>> tasks = new LinkedHashSet<>();
  private final Set<Thread> waiting = new LinkedHashSet<>();
  private boolean shutDown;

  /** Set by {@link #in}, before anybody else knows this executor. */
  private HandleNode<TaskExecutor> handle;

  @SuppressWarnings("NullAway.Init") // handle
  private TaskExecutor(OwnerNode owner, String name) {
    this.root = owner.root();
    this.path = owner.path() + "/" + name;
  }

  static TaskExecutor in(OwnerNode owner, String name) {
    TaskExecutor executor = new TaskExecutor(owner, name);
    executor.handle =
        owner.attach(name, Kind.SCHEDULER, Priority.NORMAL, executor, TaskExecutor::closeWithOwner);
    executor.handle.describeBy(executor::details);
    return executor;
  }

  Root root() {
    return root;
  }

  private Map<String, String> details() {
    lock.lock();
    try {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("tasks", Integer.toString(tasks.size()));
      return details;
    } finally {
      lock.unlock();
    }
  }

  // ---- scheduling

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return schedule(Executors.callable(Check.notNull(command, "command")), delay, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    Check.notNull(callable, "callable");
    return begin(new ExecutorTask<>(this, callable, due(delay, unit), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return begin(periodic(command, initialDelay, unit, positive(period, "period", unit)));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return begin(periodic(command, initialDelay, unit, -positive(delay, "delay", unit)));
  }

  @Override
  public void execute(Runnable command) {
    Callable<Object> body = Executors.callable(Check.notNull(command, "command"));
    accept(new ExecutorTask<>(this, body, root.time.nanoTime(), 0));
  }

  private ExecutorTask<?> periodic(
      Runnable command, long initialDelay, TimeUnit unit, long period) {
    Callable<Object> body = Executors.callable(Check.notNull(command, "command"));
    return new ExecutorTask<>(this, body, due(initialDelay, unit), period);
  }

  private static long positive(long length, String what, TimeUnit unit) {
    if (length <= 0) {
      throw new IllegalArgumentException(what + " must be more than zero, was " + length + " "
          + Check.notNull(unit, "unit") + ".");
    }
    return Math.min(Check.notNull(unit, "unit").toNanos(length), Long.MAX_VALUE / 4);
  }

  private long due(long delay, TimeUnit unit) {
    long nanos = Check.notNull(unit, "unit").toNanos(delay);
    return root.time.nanoTime() + Math.max(0, Math.min(nanos, Long.MAX_VALUE / 4));
  }

  private <V> ExecutorTask<V> begin(ExecutorTask<V> task) {
    accept(task);
    return task;
  }

  private void accept(ExecutorTask<?> task) {
    lock.lock();
    try {
      if (shutDown || !task.arm()) {
        throw new RejectedExecutionException(
            "Executor '" + path + "' is shut down; the task was not accepted. "
                + "Submit it before shutdown(), or to an executor that lives longer.");
      }
      tasks.add(task);
    } finally {
      lock.unlock();
    }
  }

  // ---- what tasks tell

  /** A periodic task has run: has it wait for its next run, unless it must not have one. */
  void again(ExecutorTask<?> task) {
    boolean refused;
    lock.lock();
    try {
      refused = shutDown || !task.arm();
    } finally {
      lock.unlock();
    }
    if (refused) {
      task.cancel(false);
    }
  }

  /** A task has ended and is not running. */
  void over(ExecutorTask<?> task) {
    boolean terminated;
    lock.lock();
    try {
      tasks.remove(task);
      terminated = isOver();
      if (terminated) {
        waiting.forEach(root.time::unpark);
      }
    } finally {
      lock.unlock();
    }
    if (terminated) {
      handle.endedByItself();
      root.wakeWaiters();
    }
  }

  private boolean isOver() {
    return shutDown && tasks.isEmpty();
  }

  // ---- shutting down

  @Override
  public void shutdown() {
    stop().stream().filter(ExecutorTask::isPeriodic).forEach(task -> task.cancel(false));
    overIfEmpty();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> neverBegun = new ArrayList<>();
    for (ExecutorTask<?> task : stop()) {
      if (task.isRunning()) {
        task.interrupt();
      } else {
        neverBegun.add(task);
      }
      task.cancel(false);
    }
    overIfEmpty();
    return neverBegun;
  }

  private List<ExecutorTask<?>> stop() {
    lock.lock();
    try {
      shutDown = true;
      return new ArrayList<>(tasks);
    } finally {
      lock.unlock();
    }
  }

  private void overIfEmpty() {
    if (isTerminated()) {
      handle.endedByItself();
    }
  }

  /** The close of the scope: ends every task and waits for those that are running, unless they wait for this close. */
  private void closeWithOwner() {
    stop().forEach(task -> task.cancel(false));
    if (!root.awaitSignal(this::needNotWait, null) && Thread.interrupted()) {
      stop().forEach(ExecutorTask::interrupt);
      while (!root.awaitSignal(this::needNotWait, null)) {
        Thread.interrupted(); // a closer is interrupted once; what comes now is meant for nobody
      }
    }
  }

  private boolean needNotWait() {
    lock.lock();
    try {
      return tasks.stream().allMatch(task -> task.needNotBeAwaited(handle));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return shutDown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    lock.lock();
    try {
      return isOver();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long deadline = due(timeout, unit);
    Thread self = Thread.currentThread();
    try {
      for (; ; ) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        lock.lock();
        try {
          if (isOver()) {
            return true;
          }
          waiting.add(self);
        } finally {
          lock.unlock();
        }
        long left = deadline - root.time.nanoTime();
        if (left <= 0) {
          return false;
        }
        root.time.park(this, left);
      }
    } finally {
      lock.lock();
      try {
        waiting.remove(self);
      } finally {
        lock.unlock();
      }
    }
  }
}
