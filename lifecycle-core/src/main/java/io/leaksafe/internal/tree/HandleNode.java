package io.leaksafe.internal.tree;

import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Check;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A resource that is owned, and how it closes. */
public final class HandleNode<T> extends Node implements Handle<T> {

  private @Nullable T resource;

  /** A {@link Closer} until its close begins, then the {@link Thread} that runs it, then null. */
  private @Nullable Object closer;

  HandleNode(
      String name,
      Kind kind,
      Priority priority,
      boolean owned,
      Root root,
      T resource,
      Closer<? super T> closer) {
    super(name, kind, priority, owned, root);
    this.resource = resource;
    this.closer = closer;
  }

  private HandleNode(OwnedTimer timer, T resource, Closer<? super T> closer) {
    super(timer);
    this.resource = resource;
    this.closer = closer;
  }

  /** Makes the handle of a timer that is about to run. */
  public static <T> HandleNode<T> running(OwnedTimer timer, T resource, Closer<? super T> closer) {
    return new HandleNode<>(timer, resource, closer);
  }

  @Override
  public T get() {
    T value = resource;
    if (value == null || !isLive()) {
      throw closedException();
    }
    return value;
  }

  /** What it is the handle of, also while it closes; null once it has ended. */
  public @Nullable T resource() {
    return resource;
  }

  @Override
  @Nullable
  Supplier<Map<String, String>> describer() {
    Supplier<Map<String, String>> told = super.describer();
    return told == null && resource instanceof Described itself ? itself::details : told;
  }

  @Override
  public Handle<T> priority(Priority priority) {
    Check.notNull(priority, "priority");
    refuseTimer("change its priority; it closes with its scheduler");
    moveToPriority(priority);
    return this;
  }

  @Override
  public Handle<T> timeout(Duration own) {
    limitClosing(Check.positiveNanos(own, "timeout"));
    return this;
  }

  @Override
  public Handle<T> warnAfter(Duration age) {
    long nanos = Check.positiveNanos(age, "warnAfter");
    warnAfterNanos(nanos);
    root().agesApart.add(this);
    return this;
  }

  @Override
  public T release() {
    refuseTimer("be released; without its scheduler nothing would run it. Close it");
    T value = resource;
    if (value == null || !detach()) {
      throw closedException();
    }
    forget();
    ownerOf().vacated();
    return value;
  }

  void refuseTimer(String what) {
    if (kind() == Kind.TIMER) {
      throw new UnsupportedOperationException("Timer '" + path() + "' cannot " + what + ".");
    }
  }

  /** Records the caller's stack as that of the opening, unless there is one or none is wanted. */
  public void recordOrigin() {
    if (root().tracking != Tracking.DISABLED && !hasOrigin()) {
      openedFrom(new Origin("opened here"));
    }
  }

  /** As {@link #claim}; also records where, if every stack is wanted. */
  public boolean claimToClose() {
    boolean won = claim();
    if (won && root().tracking == Tracking.PARANOID) {
      closedFrom(new Origin("closed here"));
    }
    return won;
  }

  @Override
  public void close() {
    if (closer instanceof EndsFirst<?> quick && isSeenByNobody() && endedFirst(quick)) {
      return;
    }
    if (claimToClose()) {
      ownerOf().closeEarly(this);
    } else {
      int times = closedAgain();
      root().events.doubleClosed(this, times);
    }
  }

  private boolean endedFirst(EndsFirst<?> quick) {
    quick.ending();
    boolean won = endAtOnce();
    if (won) {
      forget();
      ownerOf().vacated();
      root().recordEnd(this);
      quick.ended();
    }
    return won;
  }

  /** Whether nobody wants to hear of its close, nor looks after it. */
  private boolean isSeenByNobody() {
    Root root = root();
    return !root.listening && root.tracking != Tracking.PARANOID && timeoutNanos() == 0;
  }

  /** As {@link #close}, but does nothing, and counts nothing, if its close has begun. */
  public void closeUnlessClosing() {
    if (claimToClose()) {
      ownerOf().closeEarly(this);
    }
  }

  /** Ends it without running its closer: it ended by itself, as a one-shot timer does once it ran. */
  public boolean endedByItself() {
    if (!endAtOnce()) {
      return false;
    }
    forget();
    ownerOf().vacated();
    root().recordEnd(this);
    if (root().listening) {
      root().events.closed(this);
    }
    return true;
  }

  /**
   * Runs the closer on this thread; after {@link #claim}, by the same caller, once.
   *
   * @throws Exception what the closer threw
   */
  @SuppressWarnings("unchecked")
  public void runCloser() throws Exception {
    Closer<Object> close = (Closer<Object>) Check.notNull(closer, "closer");
    Object value = Check.notNull(resource, "resource");
    closer = Thread.currentThread();
    close.close(value);
  }

  /** Ends it after its closer, whatever became of that. */
  public void over() {
    if (end()) {
      tellEnded();
    }
  }

  /**
   * As {@link #over}, but tells nobody: for where nothing foreign may run yet.
   *
   * @return whether somebody waits for {@link #tellEnded}
   */
  public boolean end() {
    forget();
    root().recordEnd(this);
    return ended();
  }

  private void forget() {
    resource = null;
    closer = null;
    LostWatch.ended(this);
    if (warnAfterNanos() != 0) {
      root().agesApart.forget(this);
    }
  }

  /** What waits inside the closer for somebody else, if it says so; before {@link #runCloser}. */
  public @Nullable Waiting waiting() {
    Kind kind =
        kind(); // to ask a closer of the user's what it is not takes as long as the rest of a close
    return kind != Kind.RESOURCE && kind != Kind.ACTION && closer instanceof Waiting waiting
        ? waiting
        : null;
  }

  /** The thread that runs its closer now, if one does. */
  public @Nullable Thread closingThread() {
    return closer instanceof Thread thread ? thread : null;
  }

  @Override
  public String toString() {
    return info().toString();
  }

  private OwnerNode ownerOf() {
    return Check.notNull(owner(), "owner");
  }
}
