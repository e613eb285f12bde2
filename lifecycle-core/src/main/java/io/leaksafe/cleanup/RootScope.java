package io.leaksafe.cleanup;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.AgeWatch;
import io.leaksafe.internal.tree.LostWatch;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.watch.RootWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A scope without an owner, which closes on threads of its own while the caller looks after them. */
final class RootScope extends TreeScope implements CleanupManager {

  private static final long JOIN_NANOS = 1_000_000_000;

  private final Root root;
  private final long totalNanos;
  private final long drainNanos;
  private final long haltNanos;
  private final Watchdog watchdog;
  private final AtomicInteger runners = new AtomicInteger();
  private volatile @Nullable CloseRun closing;

  /** Takes its bean out of JMX; null if it has none. */
  private volatile @Nullable Runnable unpublish;

  /** Who looks after this scope's own close; null before and after. */
  private volatile @Nullable Thread overseer;

  /** The thread that closed the last handle. */
  private volatile @Nullable Thread lastRunner;

  RootScope(String name, Settings settings) {
    this(name, settings, new Announcer(settings.listener()));
  }

  private RootScope(String name, Settings settings, Announcer announcer) {
    super(name, Kind.SCOPE, Priority.NORMAL, 0, rootOf(name, settings, announcer), true);
    this.root = root();
    this.totalNanos = Check.positiveNanos(settings.timeout(), "timeout");
    this.drainNanos = nanos(settings.drainDelay(), "drainDelay");
    this.haltNanos = nanos(settings.haltAfter(), "haltAfter");
    this.watchdog = new Watchdog(root, announcer);
    root.top(this);
    root.engine.listedBy(this::timersInWords);
    RootWatch.made(this);
  }

  private static Root rootOf(String name, Settings settings, Announcer announcer) {
    Root root = new Root(
        name,
        settings.timeSource(),
        settings.tracking(),
        settings.sampleEvery(),
        settings.warnAbove(),
        nanos(settings.warnAfter(), "warnAfter"),
        settings.executor(),
        announcer);
    root.decorateBy(settings.taskDecorator());
    return root;
  }

  private static long nanos(@Nullable Duration time, String what) {
    return time == null ? 0 : Check.positiveNanos(time, what);
  }

  /** Makes it visible through JMX; right after it was made. */
  void publish() {
    try {
      unpublish = ManagerBean.publish(this);
    } catch (LinkageError absent) {
      announcer().noManagement(name());
    }
  }

  private List<String> timersInWords() {
    return handles().stream()
        .filter(handle -> handle.kind() == Kind.TIMER || handle.kind() == Kind.TIMEOUT)
        .map(HandleInfo::toString)
        .toList();
  }

  /** How long after the JVM's exit began it is halted; zero for never. */
  long haltNanos() {
    return haltNanos;
  }

  /** Is not ready from now on, and waits for as long as it is set, unless somebody closes it meanwhile. */
  void drain() {
    root.draining = true;
    if (drainNanos > 0 && isLive()) {
      long now = root.time.nanoTime();
      root.awaitSignal(this::isClosed, now + Math.min(drainNanos, Long.MAX_VALUE / 2));
    }
  }

  @Override
  public boolean isReady() {
    return isLive() && state() == State.OPEN && !root.draining;
  }

  long totalNanos() {
    return totalNanos;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  // ---- closing

  @Override
  CloseRun newRun() {
    return new CloseRun(this, (run, due) -> wakeOverseer());
  }

  @Override
  void closeNow(CloseRun fresh) {
    closing = fresh;
    boolean interrupted = Thread.interrupted();
    Thread self = Thread.currentThread();
    overseer = self;
    Node outer = root.beginWaiting(self, this);
    try {
      run(fresh);
      oversee(fresh);
    } finally {
      overseer = null;
      root.endWaiting(self, outer);
    }
    if (isClosed()) {
      joinThreads();
    } else {
      fresh.stopWaiting();
      leaveToAnother(fresh);
    }
    if (interrupted) {
      self.interrupt();
    }
  }

  private void run(CloseRun fresh) {
    try {
      startRunner(fresh::work);
    } catch (Throwable noThread) { // better unwatched than not at all
      announcer().noThread(noThread);
      fresh.work();
    }
  }

  /** Looks after the close until it is through, this thread is interrupted, or the time is up. */
  private void oversee(CloseRun fresh) {
    boolean goesOn = true;
    while (goesOn && !Thread.currentThread().isInterrupted()) {
      // read before the look, so that also a caller that was stalled looks once more before it
      // gives up
      boolean inTime = fresh.waitUntil() - root.time.nanoTime() > 0;
      fresh.watch();
      goesOn = inTime && parkUntilNextLook(fresh, fresh.waitUntil());
    }
  }

  /** The caller goes; what is left still wants looking after. */
  private void leaveToAnother(CloseRun fresh) {
    try {
      startRunner(() -> {
        overseer = Thread.currentThread();
        do {
          fresh.watch();
        } while (parkUntilNextLook(fresh, fresh.nextLook()));
      });
    } catch (Throwable noThread) { // closing goes on, unwatched
      announcer().noThread(noThread);
    }
  }

  /**
   * Parks until it is time to look again, or the given time, or somebody says so; false at once if the close is through. No
   * lock may be taken between the reading of what is waited for and the park: waiting for a lock would swallow the word.
   */
  private boolean parkUntilNextLook(CloseRun fresh, long atLatest) {
    long now = root.time.nanoTime();
    long wait = Math.min(fresh.nextLook() - now, atLatest - now);
    if (isClosed()) {
      return false;
    }
    root.time.park(fresh, wait);
    return true;
  }

  /** Has whoever looks after this scope's own close look again. */
  void wakeOverseer() {
    Thread thread = overseer;
    if (thread != null) {
      root.time.unpark(thread);
    }
  }

  /** Runs something on a thread for closers. */
  void startRunner(Runnable body) {
    root.time.startThread(name() + "-closer-" + runners.incrementAndGet(), () -> {
      Thread.currentThread().setContextClassLoader(root.loader);
      body.run();
    });
  }

  @Override
  void finished(CloseRun done) {
    endTimersForGood();
    root.engine.close();
    lastRunner = Thread.currentThread();
    endedOwner();
    wakeOverseer();
    root.wakeWaiters();
    ExitHook.remove(this);
    Runnable outOfJmx = unpublish;
    if (outOfJmx != null) {
      outOfJmx.run();
    }
    RootWatch.ended(this);
    announcer().finished(this, done);
  }

  /** Sees the threads off that have nothing left to do, so that none is alive once the close returns. */
  private void joinThreads() {
    long deadline = root.time.nanoTime() + JOIN_NANOS;
    List<Thread> ending = new ArrayList<>(root.engine.endingThreads());
    Thread last = lastRunner;
    if (last != null) {
      ending.add(last);
    }
    for (Thread thread : ending) {
      if (thread != Thread.currentThread()) {
        root.time.join(thread, deadline - root.time.nanoTime());
      }
    }
  }

  /** Waits until a scope's close is through, its time is up, or this thread, which others still wait with, is interrupted. */
  void awaitEnd(CloseRun run, TreeScope scope) {
    boolean ended = root.await(scope, () -> run.isThrough(scope), run.waitUntil());
    if (!ended && !Thread.currentThread().isInterrupted()) {
      run.stopWaiting();
    }
  }

  /** Whether the thread runs a closer of something in the given scope, or tells the listener of one: it must not wait. */
  boolean isWithinCloser(Thread thread, TreeScope scope) {
    CloseRun own = closing;
    return announcer().isTelling(thread)
        || (own != null && own.isClosedBy(thread, scope))
        || watchdog.runs().stream().anyMatch(run -> run.isClosedBy(thread, scope));
  }

  // ---- the manager

  @Override
  public CleanupManager closeOnExit() {
    if (!isLive()) {
      throw new ClosedScopeException("'" + name() + "' is " + (isClosed() ? "closed" : "closing")
          + "; closeOnExit() came too late. Call it right after create().");
    }
    ExitHook.add(this);
    if (isClosed()) { // meanwhile, and its close may have looked for the hook before
      ExitHook.remove(this);
    }
    return this;
  }

  @Override
  public CloseReport report() {
    CloseRun run = closing;
    return run == null
        ? new CloseReport(
            name(), root.instantOf(root.time.nanoTime()), Duration.ZERO, false, List.of())
        : run.report(this);
  }

  @Override
  public List<HandleInfo> check() {
    AgeWatch ages = root.ageWatch();
    List<Node> old = ages.tooOld();
    old.forEach(ages::report);
    LostWatch losses = root.lostWatch();
    losses.look();
    return Stream.concat(old.stream(), losses.lost().stream())
        .distinct()
        .map(Node::info)
        .toList();
  }
}
