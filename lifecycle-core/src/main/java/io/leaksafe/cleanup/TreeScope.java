package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.LeaseFace;
import io.leaksafe.internal.tree.LostWatch;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.OwnedTimer;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one implementation of a scope: an owner node that knows how to close. */
sealed class TreeScope extends OwnerNode implements Scope permits RootScope {

  private static final VarHandle RUN;

  static {
    try {
      RUN = MethodHandles.lookup().findVarHandle(TreeScope.class, "run", CloseRun.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How many of its child scopes close at a time, before all else, in a group; zero in any other scope. */
  private final int width;

  /**
   * The run that closes this scope; of several that meet here, the first. Set once, by a compare, before the phase changes.
   * Proof: jcstress ShutdownByTwo and RunsMeetInOneScope, each with a twin that fails.
   */
  private volatile @Nullable CloseRun run;

  TreeScope(String name, Kind kind, Priority priority, int width, Root root, boolean isRoot) {
    super(name, kind, priority, root, isRoot);
    this.width = width;
  }

  RootScope top() {
    return (RootScope) root().top();
  }

  Announcer announcer() {
    return (Announcer) root().events;
  }

  int width() {
    return width;
  }

  @Override
  protected boolean closesScopesFirst() {
    return width > 0;
  }

  // ---- opening

  @Override
  public <T extends AutoCloseable> T own(String name, T resource) {
    Check.name(name, "name");
    Check.notNull(resource, "resource");
    attachOwned(name, resource, Decorator.<T>closer(this, name, AutoCloseable::close));
    return resource;
  }

  @Override
  public <T> Handle<T> register(String name, T resource, Closer<? super T> closer) {
    Check.name(name, "name");
    Check.notNull(resource, "resource");
    Check.notNull(closer, "closer");
    return attach(
        name, Kind.RESOURCE, Priority.NORMAL, resource, Decorator.closer(this, name, closer));
  }

  @Override
  public <T> Handle<T> registerAsync(
      String name, T resource, Function<? super T, ? extends CompletionStage<?>> closer) {
    Check.name(name, "name");
    Check.notNull(resource, "resource");
    Check.notNull(closer, "closer");
    return attach(
        name,
        Kind.RESOURCE,
        Priority.NORMAL,
        resource,
        new AsyncCloser<>(root().time, Decorator.function(this, name, closer)));
  }

  @Override
  public <T> T open(String name, Callable<? extends T> opener, Closer<? super T> closer)
      throws Exception {
    Check.name(name, "name");
    Check.notNull(opener, "opener");
    Check.notNull(closer, "closer");
    refuseIfClosed(name);
    T resource = Check.notNull(opener.call(), "what the opener of '" + name + "' returned");
    attach(name, Kind.RESOURCE, Priority.NORMAL, resource, Decorator.closer(this, name, closer));
    return resource;
  }

  @Override
  public Handle<Action> defer(String name, Action action) {
    Check.name(name, "name");
    Check.notNull(action, "action");
    return attach(
        name,
        Kind.ACTION,
        Priority.NORMAL,
        action,
        Decorator.<Action>closer(this, name, Action::run));
  }

  @Override
  public <L> Handle<L> subscribe(Consumer<? super L> add, Consumer<? super L> remove, L listener) {
    Check.notNull(add, "add");
    Check.notNull(remove, "remove");
    Check.notNull(listener, "listener");
    refuseIfClosed("listener");
    add.accept(listener);
    return attach(
        "listener",
        Kind.LISTENER,
        Priority.EARLY,
        listener,
        Decorator.<L>closer(this, "listener", remove::accept));
  }

  @Override
  public Scope child(String name) {
    TreeScope child = branch(Check.name(name, "name"), Kind.SCOPE, Priority.NORMAL);
    LostWatch watch = root().lostWatch();
    if (!watch.watchesNextScope()) {
      return child;
    }
    ScopeFace face = new ScopeFace(child);
    watch.watch(face);
    return face;
  }

  @Override
  public Scope group(String name, int width) {
    Check.name(name, "name");
    return enter(new TreeScope(
        name, Kind.SCOPE, Priority.NORMAL, Check.positive(width, "width"), root(), false));
  }

  @Override
  public TreeScope branch(String name, Kind kind, Priority priority) {
    return enter(new TreeScope(name, kind, priority, 0, root(), false));
  }

  private TreeScope enter(TreeScope child) {
    if (!add(child)) {
      throw notOpened(child.name());
    }
    return child;
  }

  private void refuseIfClosed(String name) {
    if (!isLive()) {
      throw notOpened(name);
    }
  }

  private ClosedScopeException notOpened(String name) {
    return new ClosedScopeException("'" + path() + "' is " + (isClosed() ? "closed" : "closing")
        + "; '" + name
        + "' was not opened. Open it before close(), or give it an owner that lives longer.");
  }

  // ---- moving

  @Override
  public <T> Handle<T> adopt(Handle<T> handle) {
    if (Check.notNull(handle, "handle") instanceof OwnedTimer timer) {
      throw staysWithScheduler(timer.info().path());
    }
    Handle<T> inside = handle instanceof LeaseFace<T> face ? face.node() : handle;
    if (!(inside instanceof HandleNode<T> node)) {
      throw new IllegalArgumentException(
          "handle must be made by this library, was a " + handle.getClass().getName() + ".");
    }
    if (node.kind() == Kind.TIMER) {
      throw staysWithScheduler(node.path());
    }
    refuseOtherRoot(node);
    if (!moveHere(node)) {
      throw notMoved(node, this);
    }
    return handle;
  }

  private static UnsupportedOperationException staysWithScheduler(String path) {
    return new UnsupportedOperationException(
        "Timer '" + path + "' stays with its scheduler. Schedule it in a view: ownedBy(scope).");
  }

  @Override
  public void moveTo(Scope newOwner) {
    TreeScope target = (TreeScope) OwnerNode.of(newOwner);
    target.refuseOtherRoot(this);
    if (!target.moveHere(this)) {
      throw notMoved(this, target);
    }
  }

  private void refuseOtherRoot(Node node) {
    if (node.root() != root()) {
      throw new IllegalArgumentException("'" + node.path() + "' belongs to another root than '"
          + path() + "'. Within one root it can move; for another one, open it there.");
    }
  }

  private static ClosedScopeException notMoved(Node node, TreeScope target) {
    String closing = !node.isLive() ? "it" : target.isLive() ? "its present owner" : "that scope";
    return new ClosedScopeException("'" + node.path() + "' was not moved to '" + target.path()
        + "': " + closing + " is closed or closing. Move it before that.");
  }

  // ---- looking

  @Override
  public List<HandleInfo> handles() {
    List<HandleInfo> live = new ArrayList<>();
    collect(this, live);
    return live;
  }

  private static void collect(OwnerNode owner, List<HandleInfo> into) {
    into.addAll(owner.pendingTimers(Integer.MAX_VALUE));
    for (Node node : owner.inClosingOrder()) {
      if (node instanceof OwnerNode below) {
        collect(below, into);
      }
      into.add(node.info());
    }
  }

  @Override
  public String describe() {
    return TreeText.of(this);
  }

  @Override
  public State state() {
    return isClosed() ? State.CLOSED : run == null ? State.OPEN : State.CLOSING;
  }

  @Override
  protected Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("handles", Text.count(size()));
    details.putAll(super.details());
    return details;
  }

  @Override
  public String toString() {
    return (kind() == Kind.SCOPE ? "Scope '" : kind() + " '") + path() + "', " + state() + ", "
        + Text.count(size(), "handle");
  }

  // ---- closing

  @Override
  public void close() {
    CloseRun ending = closeOrJoin();
    if (!ending.wasClean(this) && !top().isWithinCloser(Thread.currentThread(), this)) {
      throw Failures.of(ending.report(this));
    }
  }

  @Override
  public CloseReport shutdown() {
    return closeOrJoin().report(this);
  }

  /** Closes this scope, or waits for the run that does; returns the run. */
  private CloseRun closeOrJoin() {
    CloseRun current = run;
    if (current == null) {
      CloseRun fresh = newRun();
      current = (CloseRun) RUN.compareAndExchange(this, null, fresh);
      if (current == null) {
        closeNow(fresh);
        return fresh;
      }
    }
    if (!current.isThrough(this) && !top().isWithinCloser(Thread.currentThread(), this)) {
      top().awaitEnd(current, this);
    }
    return current;
  }

  CloseRun newRun() {
    return new CloseRun(this, top().watchdog());
  }

  /** Closes this scope on the calling thread; the caller has won the right to. */
  void closeNow(CloseRun fresh) {
    boolean interrupted = Thread.interrupted();
    Watchdog watchdog = top().watchdog();
    watchdog.add(fresh);
    fresh.work();
    if (!fresh.isFinished()) {
      top().awaitEnd(fresh, this);
    }
    if (interrupted || fresh.wasInterrupted()) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A run arrives here: refuses what comes from now on; returns what is here, in closing order, or null if it is closed.
   * What hung when this was closed before is still here, and the run waits for that, too.
   */
  @Nullable
  List<Node> beginClose(CloseRun arriving) {
    if (run == null) {
      RUN.compareAndSet(this, null, arriving);
    }
    if (!claim() && !isClosing() && size() == 0) {
      return null;
    }
    List<Node> nodes = seal();
    endTimers();
    List<? extends Node> others = closingAlso();
    if (!others.isEmpty()) {
      nodes.addAll(others);
    }
    return nodes;
  }

  /** A run has left everything here behind. */
  void endClose() {
    if (this != top()) {
      endedOwner();
    }
  }

  /** The run that closes this scope is through. */
  void finished(CloseRun done) {
    top().watchdog().remove(done);
    root().wakeWaiters();
    announcer().finished(this, done);
  }

  @Override
  protected void closeEarly(HandleNode<?> node) {
    Entry entry = node.timeoutNanos() == 0 && node.waiting() == null
        ? closePlainly(node)
        : closeWatched(node);
    if (entry != null) {
      throw Failures.of(node, entry);
    }
  }

  /** Closes a handle on this thread, for as long as it takes; returns an entry only if that failed. */
  private @Nullable Entry closePlainly(HandleNode<?> node) {
    Announcer announcer = announcer();
    boolean listening = announcer.listening();
    long startedAt = listening ? root().time.nanoTime() : node.openedAt();
    Throwable failure = null;
    try {
      node.runCloser();
    } catch (Throwable thrown) { // thrown on below, once the handle is over
      failure = thrown;
    }
    if (failure == null && !listening) {
      node.over();
      return null;
    }
    return closedPlainly(node, failure, listening ? startedAt : root().time.nanoTime());
  }

  private @Nullable Entry closedPlainly(
      HandleNode<?> node, @Nullable Throwable failure, long startedAt) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Step step = new Step(node, node, startedAt);
    if (failure instanceof StillClosing pending) {
      step.outcome = Outcome.HUNG;
      Entry hung = step.entry(root().time.nanoTime());
      announcer().ended(hung);
      pending.whenEnded(late -> closedPlainly(step, node, Outcome.LATE, AsyncCloser.unwrap(late)));
      return hung;
    }
    Outcome outcome = failure == null ? Outcome.CLOSED : Outcome.FAILED;
    Entry entry = closedPlainly(step, node, outcome, failure);
    return failure == null ? null : entry;
  }

  private Entry closedPlainly(
      Step step, HandleNode<?> node, Outcome outcome, @Nullable Throwable failure) {
    long now = root().time.nanoTime();
    step.over(outcome, failure, now);
    node.over();
    Entry entry = step.entry(now);
    announcer().ended(entry);
    return entry;
  }

  /** Closes a handle on this thread with the root's timer as watchdog; returns an entry only if that failed. */
  private @Nullable Entry closeWatched(HandleNode<?> node) {
    boolean interrupted = Thread.interrupted();
    Watchdog watchdog = top().watchdog();
    CloseRun single = new CloseRun(this, watchdog);
    watchdog.add(single);
    Entry entry = single.closeOne(node);
    if (interrupted || single.wasInterrupted()) {
      Thread.currentThread().interrupt();
    }
    return entry.outcome() == Outcome.CLOSED ? null : entry;
  }
}
