package io.leaksafe.schedule;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A scheduler, or one scope's view of it: an owner of the tasks that are scheduled through it. */
final class TaskScheduler implements ManagedScheduler {

  private final OwnerNode node;
  private final OwnedTimers timers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ScheduledTask> keys = new HashMap<>();
  private final AtomicInteger executors = new AtomicInteger();

  /** The scheduler this is a view of; itself if it is none. */
  private final TaskScheduler main;

  private final ConcurrentMap<OwnerNode, TaskScheduler> views = new ConcurrentHashMap<>();

  private TaskScheduler(OwnerNode node, @Nullable TaskScheduler main) {
    this.node = node;
    this.timers = node.timers();
    timers.usedBy(this);
    this.main = main == null ? this : main;
    if (main == null) {
      node.closesAlso(() -> views.values().stream().map(view -> view.node).toList());
    }
  }

  static TaskScheduler open(Scope owner, String name) {
    OwnerNode scope = OwnerNode.of(owner);
    OwnerNode branch = scope.branch(Check.name(name, "name"), Kind.SCHEDULER, Priority.EARLY);
    branch.recordFirstOrigins();
    return new TaskScheduler(branch, null);
  }

  Root root() {
    return node.root();
  }

  ReentrantLock lock() {
    return lock;
  }

  // ---- views

  @Override
  public ManagedScheduler ownedBy(Scope scope) {
    OwnerNode owner = OwnerNode.of(Check.notNull(scope, "scope"));
    if (owner.root() != node.root()) {
      throw new IllegalArgumentException(
          "'" + owner.path() + "' belongs to another root than scheduler '" + node.path()
              + "'. Open a scheduler of its own there.");
    }
    return main.viewOf(owner);
  }

  private TaskScheduler viewOf(OwnerNode owner) {
    if (owner == node.owner()) {
      return this;
    }
    for (; ; ) {
      TaskScheduler present = views.get(owner);
      if (present != null && present.node.isLive()) {
        return present;
      }
      TaskScheduler fresh =
          new TaskScheduler(owner.branch(node.name(), Kind.SCHEDULER, Priority.EARLY), this);
      boolean mine = present == null
          ? views.putIfAbsent(owner, fresh) == null
          : views.replace(owner, present, fresh);
      if (mine) {
        fresh.node.whenClosed(() -> views.remove(owner, fresh));
        if (node.isLive()) {
          return fresh;
        }
        ((Scope) fresh.node).close(); // this scheduler's close may have looked for views before
        throw closed(fresh.node.path());
      }
      ((Scope) fresh.node).close();
    }
  }

  // ---- tasks

  @Override
  public Handle<Action> every(String key, Duration period, Action task) {
    Check.name(key, "key");
    return schedule(key, new Cadence.FixedDelay(Check.positiveNanos(period, "period")), task);
  }

  @Override
  public Handle<Action> everyAtFixedRate(String key, Duration period, Action task) {
    Check.name(key, "key");
    return schedule(key, new Cadence.FixedRate(Check.positiveNanos(period, "period")), task);
  }

  @Override
  public Handle<Action> after(String key, Duration delay, Action task) {
    Check.name(key, "key");
    return schedule(key, new Cadence.Once(Check.notNull(delay, "delay")), task);
  }

  @Override
  public Handle<Action> after(Duration delay, Action task) {
    Check.notNull(delay, "delay");
    Check.notNull(task, "task");
    if (node.wantsNode() || root().decorates()) {
      return schedule(null, new Cadence.Once(delay), task);
    }
    long now = root().time.nanoTime();
    OneShot shot = new OneShot(timers, now, task);
    if (!timers.schedule(shot, Cadence.moment(now, Check.saturatedNanos(delay)))) {
      throw closed(OneShot.NAME);
    }
    return shot;
  }

  @Override
  public Handle<Action> at(String key, Instant when, Action task) {
    Check.name(key, "key");
    return schedule(key, new Cadence.At(Check.notNull(when, "when")), task);
  }

  @Override
  public Handle<Action> daily(String key, LocalTime at, ZoneId zone, Action task) {
    Check.name(key, "key");
    Check.notNull(at, "at");
    Check.notNull(zone, "zone");
    return schedule(key, new Cadence.Daily(at, zone, root().time.instant()), task);
  }

  private Handle<Action> schedule(@Nullable String key, Cadence cadence, Action action) {
    String name = key == null ? OneShot.NAME : key;
    Action decorated = Decorator.action(node, name, Check.notNull(action, "task"));
    ScheduledTask task = new ScheduledTask(this, key, cadence, decorated);
    HandleNode<Action> handle = node.attach(name, Kind.TIMER, Priority.EARLY, action, task);
    return begin(task, key, handle);
  }

  /** Schedules a task that has been taken out of the wheels again, as one that has room for settings. */
  HandleNode<Action> scheduleAnew(OneShot shot, Action action) {
    long delay = Math.max(0, shot.due() - root().time.nanoTime());
    ScheduledTask task =
        new ScheduledTask(this, null, new Cadence.Once(Duration.ofNanos(delay)), action);
    HandleNode<Action> handle = HandleNode.running(shot, action, task);
    if (!node.attachRunning(handle)) {
      throw closed(OneShot.NAME);
    }
    return begin(task, null, handle);
  }

  private HandleNode<Action> begin(
      ScheduledTask task, @Nullable String key, HandleNode<Action> handle) {
    handle.describeBy(task::details);
    ScheduledTask replaced = null;
    boolean accepted = false;
    lock.lock();
    try {
      if (!task.isClosed()) {
        replaced = key == null ? null : keys.put(key, task);
        accepted = task.begin(handle, replaced);
      }
    } finally {
      lock.unlock();
      if (replaced != null) {
        replaced.finish();
      }
      if (!accepted) {
        task.finish();
      }
    }
    if (!accepted) {
      throw closed(handle.name());
    }
    return handle;
  }

  private ClosedScopeException closed(String what) {
    return new ClosedScopeException("Scheduler '" + node.path() + "' is closed or closing; '" + what
        + "' will not run. Schedule it before close(), or with a scheduler that lives longer.");
  }

  /** Under the lock: a task needs its key no more; it goes to the task whose run it stood behind, if there is one. */
  void free(String key, ScheduledTask task, @Nullable ScheduledTask running) {
    if (running == null) {
      keys.remove(key, task);
    } else {
      keys.replace(key, task, running);
    }
  }

  @Override
  public ScheduledExecutorService asScheduledExecutorService() {
    return TaskExecutor.in(node, "executor-" + executors.incrementAndGet());
  }

  @Override
  public int size() {
    return timers.size() + node.count(Kind.TIMER);
  }

  @Override
  public String toString() {
    return "Scheduler '" + node.path() + "', " + size() + " live";
  }
}
