package io.leaksafe.share;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one implementation of a shared resource: its state, its leases, the timer of its lingering, and its owner's closer. */
final class Share<T> extends Timer implements SharedResource<T>, Closer<Object> {
  /*
   *   IDLE ──first lease──> OPENING ──> OPEN ──last lease, lingered──> CLOSING ──> IDLE
   *                            └──failed──> IDLE
   * The thread that enters OPENING or CLOSING is busy, and it alone leaves that again. Who asks for a lease while it is OPENING
   * has its lease linked at once and waits: so the resource does not close before those who waited for it have it. Who asks
   * while it is CLOSING waits for IDLE and begins anew.
   *
   * Refusing. The owner's close sets refuses and then waits for IDLE. From then on nobody enters OPENING, an opening that is
   * under way closes what it opened, and the last lease does not linger. When the close is interrupted, it takes all leases
   * away, whose handles then end, and closes the resource itself.
   *
   * The lock guards everything, and is not held while foreign code runs or anything waits. A linked lease may have no handle
   * yet; who gives it one then finds out whether it was taken away meanwhile.
   * Proof: jcstress OpenOnce, LastLeaseAgainstAcquire and AcquireAgainstOwnerClose, each with a twin that fails.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Share.class.getPackageName());

  private enum State {
    IDLE,
    OPENING,
    OPEN,
    CLOSING
  }

  private final Root root;
  private final OwnerNode owner;
  private final String name;
  private final Callable<? extends T> opener;
  private final Closer<? super T> closer;

  /** Told once it is idle again, and then it is over; null if it may be opened again. */
  private final @Nullable Runnable whenIdle;

  private final ReentrantLock lock = new ReentrantLock();
  private final Leases<T> leases = new Leases<>();
  private volatile State state = State.IDLE; // written under the lock
  private @Nullable Thread busy;
  private @Nullable Opening<T> opening;
  private @Nullable T resource;
  private @Nullable HandleNode<?> node;
  private @Nullable CompletableFuture<?> idle;
  private boolean refuses;
  private boolean over;
  private long lingerNanos;
  private long closesAt;

  Share(
      OwnerNode owner,
      String name,
      Callable<? extends T> opener,
      Closer<? super T> closer,
      long lingerNanos,
      @Nullable Runnable whenIdle) {
    this.root = owner.root();
    this.owner = owner;
    this.name = name;
    this.opener = opener;
    this.closer = Decorator.closer(owner, name, closer);
    this.lingerNanos = lingerNanos;
    this.whenIdle = whenIdle;
  }

  static <T> Share<T> open(
      Scope owner, String name, Callable<? extends T> opener, Closer<? super T> closer) {
    OwnerNode scope = OwnerNode.of(owner);
    Check.name(name, "name");
    Check.notNull(opener, "opener");
    Check.notNull(closer, "closer");
    Share<T> share = new Share<>(scope, name, opener, closer, 0, null);
    share.enter();
    return share;
  }

  /** Stands in its owner from now on; after it was over already, not any more. */
  void enter() {
    HandleNode<?> handle = owner.attach(name, Kind.RESOURCE, Priority.NORMAL, this, this);
    handle.describeBy(this::details);
    lock.lock();
    try {
      node = handle;
      if (!over) {
        return;
      }
    } finally {
      lock.unlock();
    }
    handle.endedByItself();
  }

  // ---- leases

  @Override
  public Handle<T> acquire(Scope holder) throws Exception {
    return Check.notNull(tryAcquire(OwnerNode.of(Check.notNull(holder, "holder"))), "lease");
  }

  /** As {@link #acquire}; null if this is over. */
  @Nullable
  Handle<T> tryAcquire(OwnerNode holder) throws Exception {
    Lease<T> lease = new Lease<>(this);
    T value = take(lease);
    if (value == null) {
      return null;
    }
    HandleNode<T> handle = holder.attach(name, Kind.LEASE, Priority.NORMAL, value, lease);
    boolean taken;
    lock.lock();
    try {
      lease.handle = handle;
      taken = !lease.linked && handle.isLive();
    } finally {
      lock.unlock();
    }
    if (!taken) {
      return holder.root().lostWatch().lease(handle, owner);
    }
    handle.endedByItself();
    throw closedException();
  }

  /** Links a lease and returns what it is on; null if this is over. */
  private @Nullable T take(Lease<T> lease) throws Exception {
    for (; ; ) {
      Opening<T> current;
      boolean mine = false;
      lock.lock();
      try {
        if (over) {
          return null;
        }
        refuse();
        if (state == State.OPEN) {
          leases.add(lease);
          root.engine.cancel(this);
          return resource;
        }
        if (state == State.IDLE) {
          mine = true;
          busy = Thread.currentThread();
          opening = new Opening<>();
          state = State.OPENING;
        }
        current = opening;
        if (current != null) {
          leases.add(lease);
        }
      } finally {
        lock.unlock();
      }
      T value = current == null ? awaitClosed() : mine ? open(current) : await(current, lease);
      if (value != null) {
        return value;
      }
    }
  }

  /** Under the lock: gives no lease while the owner closes, nor to the opener or closer itself. */
  private void refuse() {
    if (refuses) {
      throw closedException();
    }
    if (busy == Thread.currentThread()) {
      throw new IllegalStateException(
          "'" + path() + "' is being "
              + (state == State.OPENING ? "opened" : "closed")
              + " by this very thread, which would wait for itself. Do not acquire it in its own opener or closer.");
    }
  }

  private ClosedScopeException closedException() {
    return new ClosedScopeException(
        "'" + path()
            + "' is closed or closing; no lease was given. Acquire it before close(), or share it in a scope that lives longer.");
  }

  private T open(Opening<T> attempt) throws Exception {
    T value = null;
    Throwable failure = null;
    try {
      value = Check.notNull(opener.call(), "what the opener of '" + name + "' returned");
    } catch (Throwable thrown) { // told to all who wait, and thrown on below
      failure = thrown;
    }
    boolean late;
    lock.lock();
    try {
      late = refuses && failure == null;
      opening = null;
      busy = late ? busy : null;
      state = failure != null ? State.IDLE : late ? State.CLOSING : State.OPEN;
      if (failure != null || late) {
        leases.clear();
      }
      resource = late ? null : value;
      attempt.value = late ? null : value;
      attempt.failure = late ? closedException() : failure;
      attempt.done = true;
    } finally {
      lock.unlock();
    }
    root.wakeWaiters();
    if (value != null && late) {
      throw closeLate(value);
    }
    if (value == null) {
      becameIdle();
      throw rethrown(Check.notNull(failure, "failure"));
    }
    return value;
  }

  private ClosedScopeException closeLate(T value) {
    ClosedScopeException late = closedException();
    try {
      closeNow(value);
    } catch (Throwable failure) { // told to whoever opened it, who is the only one that knows of it
      late.addSuppressed(failure);
    }
    return late;
  }

  /** Throws an opener's failure; every checked exception is declared by {@link #acquire}. */
  private static Exception rethrown(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  /** Waits for another's opening; null if that thread was interrupted, so that somebody else must open. */
  private @Nullable T await(Opening<T> current, Lease<T> lease) throws Exception {
    if (!root.awaitSignal(() -> current.done, null)) {
      Thread.interrupted();
      giveBack(lease);
      throw new InterruptedException(
          "Interrupted while '" + path() + "' was being opened by another thread.");
    }
    Throwable failure = current.failure;
    if (failure != null && !(failure instanceof InterruptedException)) {
      throw rethrown(failure);
    }
    return current.value;
  }

  private @Nullable T awaitClosed() throws InterruptedException {
    if (!root.awaitSignal(() -> state != State.CLOSING, null)) {
      Thread.interrupted();
      throw new InterruptedException(
          "Interrupted while '" + path() + "' was being closed by another thread.");
    }
    return null;
  }

  /** Ends a lease; closes the resource if it was the last, or has it closed later. */
  void giveBack(Lease<T> lease) throws Exception {
    T closing = null;
    lock.lock();
    try {
      if (leases.remove(lease) && leases.count() == 0 && state == State.OPEN && !lingers()) {
        closing = beginClose();
      }
    } finally {
      lock.unlock();
    }
    if (closing != null) {
      closeNow(closing);
    }
  }

  // ---- closing

  /** Under the lock: whether it stays open for a while without a lease. */
  private boolean lingers() {
    if (refuses || lingerNanos == 0) {
      return false;
    }
    closesAt = root.time.nanoTime() + Math.min(lingerNanos, Long.MAX_VALUE / 2);
    try {
      root.engine.cancel(this);
      return root.engine.schedule(this, closesAt);
    } catch (OutOfMemoryError noThread) {
      return false; // the machine has none to give, so nobody would close it later
    }
  }

  @Override
  protected void fire() {
    root.engine.execute(this::lingered);
  }

  private void lingered() {
    T closing = null;
    lock.lock();
    try {
      if (state == State.OPEN && leases.count() == 0 && root.time.nanoTime() - closesAt >= 0) {
        closing = beginClose();
      }
    } finally {
      lock.unlock();
    }
    if (closing != null) {
      try {
        closeNow(closing);
      } catch (Throwable failure) { // nobody else is told
        LOG.warn("'{}' failed to close after it had lingered without a lease.", path(), failure);
      }
    }
  }

  /** Under the lock, while it is OPEN: makes this thread the one that closes it. */
  private T beginClose() {
    T closing = Check.notNull(resource, "resource");
    root.engine.cancel(this);
    resource = null;
    state = State.CLOSING;
    busy = Thread.currentThread();
    return closing;
  }

  /** Closes the resource; after {@link #beginClose}, by the same thread. */
  private void closeNow(T closing) throws Exception {
    try {
      closer.close(closing);
    } finally {
      lock.lock();
      try {
        state = State.IDLE;
        busy = null;
      } finally {
        lock.unlock();
      }
      root.wakeWaiters();
      becameIdle();
    }
  }

  /** Tells whoever waits for it to be idle, unless somebody has opened it anew; of a key, it is over then. */
  private void becameIdle() {
    CompletableFuture<?> told;
    HandleNode<?> ended;
    boolean ends;
    lock.lock();
    try {
      if (state != State.IDLE) {
        return;
      }
      told = idle;
      ended = node;
      ends = whenIdle != null && !over;
      over |= ends;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.complete(null);
    }
    if (ends && whenIdle != null) {
      whenIdle.run();
      if (ended != null) {
        ended.endedByItself();
      }
    }
  }

  /** The owner's close: waits for the leases that are out, and closes the resource when its time is over all the same. */
  @Override
  public void close(Object ignored) throws Exception {
    T closing = null;
    lock.lock();
    try {
      refuses = true;
      if (state == State.OPEN && leases.count() == 0) {
        closing = beginClose();
      }
    } finally {
      lock.unlock();
    }
    if (closing != null) {
      closeNow(closing);
    } else if (!root.awaitSignal(() -> state == State.IDLE, null)) {
      Thread.interrupted(); // what it was for is done next
      closeUnderHolders();
    }
  }

  private void closeUnderHolders() throws Exception {
    T closing;
    List<Lease<T>> taken;
    lock.lock();
    try {
      if (state == State.IDLE) {
        return;
      }
      if (state != State.OPEN) {
        CompletableFuture<?> end = new CompletableFuture<>();
        idle = end;
        throw new StillClosing(end);
      }
      taken = leases.clear();
      closing = beginClose();
    } finally {
      lock.unlock();
    }
    IllegalStateException held = new IllegalStateException(Holders.message(path(), taken));
    for (Lease<T> each : taken) {
      if (each.handle != null) {
        each.handle.endedByItself();
      }
    }
    try {
      closeNow(closing);
    } catch (Throwable failure) { // reported with the rest
      held.addSuppressed(failure);
    }
    throw held;
  }

  // ---- settings, looking

  @Override
  public SharedResource<T> linger(Duration time) {
    long nanos = Check.notNegativeNanos(time, "linger");
    lock.lock();
    try {
      lingerNanos = nanos;
    } finally {
      lock.unlock();
    }
    return this;
  }

  @Override
  public int leases() {
    lock.lock();
    try {
      return leases.count();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    return state == State.OPEN;
  }

  private Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    lock.lock();
    try {
      details.put("is", state == State.IDLE ? "not open" : state.name().toLowerCase(Locale.ROOT));
      details.put("leases", Text.count(leases.count()));
      if (state == State.OPEN && leases.count() == 0) {
        details.put("closes in", Text.duration(Math.max(0, closesAt - root.time.nanoTime())));
      }
    } finally {
      lock.unlock();
    }
    return details;
  }

  private String path() {
    return owner.path() + "/" + name;
  }

  @Override
  public String toString() {
    return "Shared '" + path() + "', " + details();
  }
}
