package io.leaksafe.schedule;

import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.timer.TimerGroup;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.internal.tree.Waiting;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's contract over a scheduler's engine. As with the JDK's own pool, {@code shutdown()} ends periodic tasks and lets
 * delayed ones run; {@code shutdownNow()}, and the close of the scope, end them all, and leave no future that never ends.
 */
final class TaskExecutor extends AbstractExecutorService implements ScheduledExecutorService {

  private final Root root;
  private final OwnerNode owner;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();

  /** What is pending. */
  private final TimerGroup timers;

  /** What has been passed on to a worker and has not ended. Guarded by the lock. */
  private final Set<ExecutorTask<?>> active = new LinkedHashSet<>();

  /** What has been accepted and is not over. */
  private final AtomicLong unfinished = new AtomicLong();

  private final CompletableFuture<?> terminated = new CompletableFuture<>();

  /** Nothing new is accepted. Whoever adds to unfinished then looks at this; whoever sets this then looks at unfinished. */
  private volatile boolean shutDown;

  /** Nothing is passed on to a worker either. Guarded by the lock. */
  private boolean stopped;

  /** Set by {@link #in}, before anybody else knows this executor. */
  private HandleNode<TaskExecutor> handle;

  @SuppressWarnings("NullAway.Init") // handle
  private TaskExecutor(OwnerNode owner, String name) {
    this.root = owner.root();
    this.timers = root.engine.group();
    this.owner = owner;
    this.name = name;
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
    return owner.path() + "/" + name;
  }

  /** What is to run in the place of a task. */
  <V> Callable<V> decorated(Callable<V> task) {
    return Decorator.callable(owner, name, task);
  }

  TimerGroup timers() {
    return timers;
  }

  private Map<String, String> details() {
    return Map.of("tasks", Text.count(unfinished.get()));
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
    unfinished.incrementAndGet();
    boolean accepted = false;
    try {
      accepted = !shutDown && arm(task);
    } finally {
      if (!accepted && task.refuse()) { // also if no thread could be started
        over();
      }
    }
    if (accepted
        && shutDown
        && task.isPeriodic()) { // the shutdown may have looked before it was there
      task.cancel(false);
    } else if (accepted) {
      return;
    }
    throw new RejectedExecutionException(
        "Executor '" + path() + "' is shut down; the task was not accepted. "
            + "Submit it before shutdown(), or to an executor that lives longer.");
  }

  private boolean arm(ExecutorTask<?> task) {
    if (task.due() - root.time.nanoTime() > 0) {
      boolean armed = timers.schedule(task.timer(), task.due());
      if (task.isDone()) { // cancelled just now, when there was no timer yet to be cancelled
        timers.cancel(task.timer());
      }
      return armed;
    }
    task.timer().dueAtOnce();
    return pass(task);
  }

  // ---- what tasks tell

  /** A task is due: passes it on to a worker; false if that is too late. */
  boolean pass(ExecutorTask<?> task) {
    lock.lock();
    try {
      if (stopped) {
        return false;
      }
      active.add(task);
    } finally {
      lock.unlock();
    }
    if (task.isDone()) {
      hasRun(task);
    }
    return root.engine.execute(task.timer());
  }

  /** A task that was passed on has run, or will not. */
  void hasRun(ExecutorTask<?> task) {
    lock.lock();
    try {
      active.remove(task);
    } finally {
      lock.unlock();
    }
  }

  /** A periodic task has run: has it wait for its next run, unless it must not have one. */
  void again(ExecutorTask<?> task) {
    if (shutDown || !timers.schedule(task.timer(), task.due())) {
      task.cancel(false);
    } else if (shutDown) {
      task.cancel(false); // the shutdown may have looked before it was there
    } else if (task.isDone()) {
      timers.cancel(task.timer());
    }
  }

  /** A task is over: it is done, and does not run. */
  void over() {
    unfinished.decrementAndGet();
    endIfOver();
  }

  // ---- shutting down

  @Override
  public void shutdown() {
    shutDown = true;
    for (Timer timer : timers.pending(Integer.MAX_VALUE)) {
      cancelPeriodic(taskOf(timer));
    }
    activeTasks().forEach(this::cancelPeriodic);
    endIfOver();
  }

  private void cancelPeriodic(ExecutorTask<?> task) {
    if (task.isPeriodic()) {
      task.cancel(false);
    }
  }

  private static ExecutorTask<?> taskOf(Timer timer) {
    return ((ExecutorTask<?>.Due) timer).task();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> neverBegun = new ArrayList<>();
    stop(neverBegun::add);
    return neverBegun;
  }

  /** Accepts nothing from now on, interrupts what runs, and cancels the rest. */
  private void stop(Consumer<? super ExecutorTask<?>> neverBegun) {
    List<ExecutorTask<?>> due = refuseAll();
    timers.close(timer -> cancel(taskOf(timer), neverBegun));
    List<ExecutorTask<?>> running = new ArrayList<>();
    for (ExecutorTask<?> task : due) {
      if (task.timer().stop()) {
        hasRun(task);
        cancel(task, neverBegun);
      } else {
        running.add(task);
      }
    }
    for (ExecutorTask<?> task :
        running) { // only now, or their workers would begin what still waits
      task.interrupt();
      task.cancel(false);
    }
    endIfOver();
  }

  private static void cancel(ExecutorTask<?> task, Consumer<? super ExecutorTask<?>> neverBegun) {
    neverBegun.accept(task);
    task.cancel(false);
  }

  private List<ExecutorTask<?>> refuseAll() {
    lock.lock();
    try {
      shutDown = true;
      stopped = true;
      return new ArrayList<>(active);
    } finally {
      lock.unlock();
    }
  }

  private List<ExecutorTask<?>> activeTasks() {
    lock.lock();
    try {
      return new ArrayList<>(active);
    } finally {
      lock.unlock();
    }
  }

  private void endIfOver() {
    if (isTerminated()) {
      handle.endedByItself();
      terminated.complete(null);
    }
    if (shutDown) {
      root.wakeWaiters();
    }
  }

  /** The close of the scope: ends every task and waits for those that are running. */
  private final class End implements Closer<TaskExecutor>, Waiting {

    @Override
    public void close(TaskExecutor ignored) throws StillClosing {
      endAll();
      root.wakeWaiters();
      if (!root.awaitRun(handle, this, () -> activeTasks().forEach(ExecutorTask::interrupt))) {
        throw new StillClosing(terminated);
      }
    }

    /** As {@link #stop}, but leaves what runs to the end of its time. */
    private void endAll() {
      List<ExecutorTask<?>> due = refuseAll();
      timers.close(timer -> taskOf(timer).cancel(false));
      due.forEach(task -> task.cancel(false));
      endIfOver();
    }

    /** Of the threads that are running, the first that neither is the closer's own nor waits for this close. */
    @Override
    public @Nullable Thread waitsFor() {
      for (ExecutorTask<?> task : activeTasks()) {
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
    return shutDown;
  }

  @Override
  public boolean isTerminated() {
    return shutDown && unfinished.get() == 0;
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
