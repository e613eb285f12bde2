package io.leaksafe.schedule;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnedTimer;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.Root;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task without a key, which runs once: timer and handle in one object, since there may be a million of them. */
final class OneShot extends OwnedTimer implements Handle<Action>, Runnable {
  /*
   * While it is pending it stands in the wheels alone, and what is its action. Whoever gives it a setting takes it out of
   * them and schedules it anew as a task with a node, which then is what. When a worker is about to run it, it becomes a
   * handle like all others, with a node in the list of its scheduler, so that a close finds it, waits for it and reports it.
   * What stays the action meanwhile, and is null after that: a timer may be old, and a reference to something new costs the
   * collector more than all the rest of a short run. Those few who need the node of a run look for it in that list.
   *
   * Run or cancel: begin() and stop() are a CAS on one word, so one of them wins; who wins writes what. The node is entered
   * before begin() and leaves after what is null, so who comes too late to stop it finds the node, or that it is over. An
   * owner that is closing takes no node, and so nothing runs after its close.
   * Proof: jcstress ShotAgainstClose and ShotAgainstOwner, each with a twin that fails.
   */
  static final String NAME = "after";

  private static final Logger LOG = LoggerFactory.getLogger(OneShot.class.getPackageName());
  private static final VarHandle WHAT;

  static {
    try {
      WHAT = MethodHandles.lookup().findVarHandle(OneShot.class, "what", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // through WHAT
  private @Nullable Object what;

  OneShot(OwnedTimers owner, long now, Action action) {
    super(owner, now);
    what =
        action; // plain: whoever hands this on by a race also hands on a timer that stands, behind
    // a fence
  }

  private @Nullable Object what() {
    return WHAT.getAcquire(this);
  }

  private void becomes(@Nullable Object next) {
    WHAT.setRelease(this, next);
  }

  // ---- running

  @Override
  protected void fire() {
    owner().root().engine.execute(this);
  }

  @Override
  protected void abandoned() {
    becomes(null);
  }

  @Override
  public void run() {
    if (!(what() instanceof Action action)) {
      return;
    }
    Run run = new Run(this, action);
    if (!owner().node().attachRunning(run.node())) {
      if (stop()) {
        becomes(null);
      }
      return;
    }
    if (begin()) {
      perform(action);
      becomes(null);
    }
    run.ends();
  }

  private void perform(Action action) {
    if (Flight.recordsLateness()) {
      recordLateness();
    }
    try {
      action.run();
    } catch (Throwable failure) { // it is this task's alone
      LOG.warn("Timer '{}' failed in run 1, once.", path(), failure);
      owner().root().engine.taskFailed("Timer '" + path() + "'", failure);
    }
  }

  private void recordLateness() {
    long late = owner().root().time.nanoTime() - due();
    if (Flight.isLate(late)) {
      Flight.late(path(), late);
    }
  }

  // ---- as a handle

  @Override
  public void close() {
    if (owner().cancel(this) || stop()) {
      becomes(null);
    } else {
      HandleNode<?> node = settled();
      if (node != null) {
        node.close();
      }
    }
  }

  @Override
  public Action get() {
    boolean begun = hasBegun();
    if (what() instanceof Action action && !begun) {
      return action;
    }
    HandleNode<?> node = node();
    if (node == null) {
      throw over();
    }
    Object resource = node.get();
    return resource instanceof Run run ? run.action() : (Action) resource;
  }

  @Override
  public Handle<Action> timeout(Duration own) {
    Check.positiveNanos(own, "timeout");
    withRoom().timeout(own);
    return this;
  }

  @Override
  public Handle<Action> warnAfter(Duration age) {
    Check.positiveNanos(age, "warnAfter");
    withRoom().warnAfter(age);
    return this;
  }

  /** The node that has room for settings: there is one while it runs, and else it is taken out of the wheels to have one. */
  private HandleNode<?> withRoom() {
    if (what() instanceof Action action && (owner().cancel(this) || stop())) {
      HandleNode<Action> node = null;
      try {
        node = scheduler().scheduleAnew(this, action);
      } finally {
        becomes(node); // null if its owner closes
      }
      return node;
    }
    HandleNode<?> node = settled();
    if (node == null) {
      throw over();
    }
    return node;
  }

  /** The node that stands for it now: the one that has room for settings, or that of its run; null if there is none. */
  private @Nullable HandleNode<?> node() {
    Object now = what();
    if (now instanceof HandleNode<?> node) {
      return node;
    }
    return now != null && hasBegun() ? Run.of(this, owner().node()) : null;
  }

  /** As {@link #node}, once whoever took it out of the wheels has said what it is, which is a matter of a few instructions. */
  @SuppressWarnings("ThreadPriorityCheck") // it yields to that thread
  private @Nullable HandleNode<?> settled() {
    while (what() instanceof Action && !hasBegun()) {
      Thread.yield();
    }
    return node();
  }

  Root root() {
    return owner().root();
  }

  private TaskScheduler scheduler() {
    return (TaskScheduler) Check.notNull(owner().user(), "scheduler");
  }

  private ClosedScopeException over() {
    return new ClosedScopeException(
        "'" + path() + "' has run or is closed. Use it before that, or schedule it again.");
  }

  @Override
  public Handle<Action> priority(Priority priority) {
    Check.notNull(priority, "priority");
    throw cannot("change its priority; it closes with its scheduler");
  }

  @Override
  public Action release() {
    throw cannot("be released; without its scheduler nothing would run it. Close it");
  }

  private UnsupportedOperationException cannot(String what) {
    return new UnsupportedOperationException("Timer '" + path() + "' cannot " + what + ".");
  }

  // ---- what listings say

  @Override
  protected String name() {
    return NAME;
  }

  @Override
  public HandleInfo info() {
    HandleNode<?> node = node();
    return node == null ? super.info() : node.info();
  }

  @Override
  protected Map<String, String> details(long now) {
    return what() == null ? Map.of("runs", "once") : ScheduledTask.pending("once", due() - now);
  }

  @Override
  public String toString() {
    return info().toString();
  }
}
