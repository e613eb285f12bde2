package io.leaksafe.schedule;

import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.internal.tree.Waiting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's contract over a scheduler's engine. As with the JDK's own pool, {@code shutdown()} ends periodic tasks and lets
 * delayed ones run; {@code shutdownNow()}, and the close of the scope, end them all, and leave no future that never ends.
 */
final class TaskExecutor extends AbstractExecutorService implements ScheduledExecutorService {

  private final Root root;
  private final String path;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<ExecutorTask<?>> tasks = new LinkedHashSet<>();
  private final CompletableFuture<?> terminated = new CompletableFuture<>();
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
        owner.attach(name, Kind.SCHEDULER, Priority.NORMAL, executor, executor.new End());
    executor.handle.describeBy(executor::details);
    return executor;
  }

  Root root() {
    return root;
  }

  String path() {
    return path;
  }

  private Map<String, String> details() {
    lock.lock();
    try {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("tasks", Text.count(tasks.size()));
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
  public Future<?> submit(Runnable task) {
    return schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public <T> Future<T> submit(Runnable task, T result) {
    return submit(Executors.callable(Check.notNull(task, "task"), result));
  }

  @Override
  public <T> Future<T> submit(Callable<T> task) {
    return schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public void execute(Runnable command) {
    Callable<Object> body = Executors.callable(Check.notNull(command, "command"));
    ExecutorTask<Object> task = new ExecutorTask<>(this, body, root.time.nanoTime(), 0);
    if (command instanceof Future<?> future) {
      task.cancels(future);
    }
    accept(task);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return new AnyOf<T>(this).call(tasks, null);
    } catch (TimeoutException never) {
      throw new ExecutionException(never);
    }
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return new AnyOf<T>(this).call(tasks, due(timeout, unit));
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

  /** Has a task run when it is due, or throws. */
  void accept(ExecutorTask<?> task) {
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
    lock.lock();
    try {
      tasks.remove(task);
    } finally {
      lock.unlock();
    }
    endIfOver();
  }

  // ---- shutting down

  @Override
  public void shutdown() {
    stop().stream().filter(ExecutorTask::isPeriodic).forEach(task -> task.cancel(false));
    endIfOver();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> neverBegun = new ArrayList<>();
    for (ExecutorTask<?> task : stop()) {
      if (task.runner() == null) {
        neverBegun.add(task);
      } else {
        task.interrupt();
      }
      task.cancel(false);
    }
    endIfOver();
    return neverBegun;
  }

  /** Accepts nothing from now on; returns what has not ended. */
  private List<ExecutorTask<?>> stop() {
    lock.lock();
    try {
      shutDown = true;
    } finally {
      lock.unlock();
    }
    return unfinished();
  }

  private List<ExecutorTask<?>> unfinished() {
    lock.lock();
    try {
      return new ArrayList<>(tasks);
    } finally {
      lock.unlock();
    }
  }

  private void endIfOver() {
    if (isTerminated()) {
      handle.endedByItself();
      terminated.complete(null);
    }
    if (isShutdown()) {
      root.wakeWaiters();
    }
  }

  /** The close of the scope: ends every task and waits for those that are running. */
  private final class End implements Closer<TaskExecutor>, Waiting {

    @Override
    public void close(TaskExecutor ignored) throws StillClosing {
      stop().forEach(task -> task.cancel(false));
      root.wakeWaiters();
      if (!root.awaitRun(handle, this, () -> unfinished().forEach(ExecutorTask::interrupt))) {
        throw new StillClosing(terminated);
      }
    }

    /** Of the threads that are running, the first that neither is the closer's own nor waits for this close. */
    @Override
    public @Nullable Thread waitsFor() {
      for (ExecutorTask<?> task : unfinished()) {
        Thread running = task.runner();
        if (running != null
            && running != handle.closingThread()
            && !root.waitsFor(running, handle)) {
          return running;
        }
      }
      return null;
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
      return shutDown && tasks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    boolean ended = root.awaitSignal(this::isTerminated, due(timeout, unit));
    if (!ended && Thread.interrupted()) {
      throw new InterruptedException();
    }
    return ended;
  }
}
