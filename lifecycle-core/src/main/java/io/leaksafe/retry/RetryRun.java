package io.leaksafe.retry;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.future.Link;
import io.leaksafe.internal.future.OwnedFuture;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.timeout.Timeouts;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run whose attempts are stages: the result, and what leads from one attempt to the next. */
final class RetryRun<T extends @Nullable Object> extends OwnedFuture<T> {
  /*
   * start() ──> attempt() ──ended well──────────────────────────────────> over
   *                ^   └────failed──> ended() ──no further attempt──────> over
   *                │                     │
   *                └──completer── fire() of the wait, or at once
   *
   * There is one attempt or one wait at a time. What is under way is noted under the lock, unless the run is over: then it is
   * cancelled by who was about to note it. Whoever ends the run says so under the lock, and takes what is noted. So what is
   * under way at the end is cancelled by one of the two. A wait is noted once it is pending, so that it can be cancelled. Proof: jcstress RetryEndsAgainstNext, whose twin looks first and
   * notes then.
   */
  private final OwnerNode owner;
  private final Attempts attempts;
  private final Duration each;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean over;
  private @Nullable Scope scope;
  private @Nullable Supplier<? extends CompletionStage<T>> body;
  private @Nullable Link<T> link;
  private @Nullable CompletionStage<T> underWay;
  private @Nullable RunTimer wait;
  private @Nullable RunTimer total;

  private RetryRun(
      Retry retry, Scope scope, OwnerNode owner, Supplier<? extends CompletionStage<T>> body) {
    this.owner = owner;
    this.attempts = new Attempts(retry, owner);
    this.each = Duration.ofNanos(retry.eachNanos);
    this.scope = scope;
    this.body = Decorator.supplier(owner, retry.name, body);
  }

  static <T extends @Nullable Object> CompletableFuture<T> start(
      Retry retry, Scope scope, Supplier<? extends CompletionStage<T>> body) {
    OwnerNode owner = OwnerNode.of(scope);
    RetryRun<T> run = new RetryRun<>(retry, scope, owner, body);
    try {
      run.start(retry);
    } catch (Throwable failure) { // no thread: nothing may be left behind
      run.completeExceptionally(failure);
    }
    return run;
  }

  private void start(Retry retry) {
    link = new Link<>(this);
    if (retry.totalNanos != Long.MAX_VALUE) {
      long now = owner.root().time.nanoTime();
      RunTimer whole = new RunTimer(this, true, owner.timers(), retry.name, retry.totalNanos, now);
      total = whole;
      if (!whole.begin(now)) {
        completeExceptionally(attempts.closing());
        return;
      }
    }
    attempt();
  }

  // ---- on the thread of the caller, of a stage, or of a completer

  void attempt() {
    try {
      beginAttempt();
    } catch (Throwable failure) { // whoever waits must be told
      completeExceptionally(failure);
    }
  }

  private void beginAttempt() {
    Scope in;
    Supplier<? extends CompletionStage<T>> begin;
    lock.lock();
    try {
      in = scope;
      begin = body;
    } finally {
      lock.unlock();
    }
    if (in == null || begin == null) {
      return;
    }
    CompletionStage<T> attempt = Timeouts.within(in, attempts.name(), each, begin);
    if (note(attempt)) {
      attempt.handle((value, failure) -> {
        ended(value, failure);
        return null;
      });
    } else {
      cancel(attempt);
    }
  }

  private void ended(T value, @Nullable Throwable thrown) {
    if (thrown == null || isDone()) {
      sourceEnded(value, thrown);
      return;
    }
    Throwable cause = thrown.getCause();
    Throwable failure = thrown instanceof CompletionException && cause != null ? cause : thrown;
    try {
      goOn(value, failure);
    } catch (Throwable broken) { // whoever waits must be told
      broken.addSuppressed(failure);
      completeExceptionally(broken);
    }
  }

  private void goOn(T none, Throwable failure) {
    long delay = attempts.next(failure);
    if (delay == Attempts.GIVE_UP) {
      sourceEnded(none, failure);
    } else if (note(null)) {
      if (delay == 0) {
        owner.root().engine.complete(this::attempt);
      } else {
        await(delay);
      }
    }
  }

  private void await(long nanos) {
    long now = owner.root().time.nanoTime();
    RunTimer next = new RunTimer(this, false, owner.timers(), attempts.name(), nanos, now);
    if (!next.begin(now)) {
      completeExceptionally(attempts.closing());
    } else if (!noteWait(next)) {
      next.end();
    }
  }

  /** Notes what is under way; false if the run is over. */
  private boolean note(@Nullable CompletionStage<T> attempt) {
    lock.lock();
    try {
      if (!over) {
        underWay = attempt;
        wait = null;
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  /** Notes a wait, which may be through already; false if the run is over. */
  private boolean noteWait(RunTimer next) {
    lock.lock();
    try {
      if (!over) {
        wait = next;
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  void timedOut() {
    completeExceptionally(attempts.timeout());
  }

  void ownerCloses() {
    completeExceptionally(attempts.closing());
  }

  // ---- the end

  @Override
  protected @Nullable CompletionStage<?> detach() {
    CompletionStage<T> attempt;
    RunTimer waits;
    RunTimer whole;
    Link<T> leads;
    lock.lock();
    try {
      over = true;
      attempt = underWay;
      waits = wait;
      whole = total;
      leads = link;
      underWay = null;
      wait = null;
      total = null;
      link = null;
      scope = null;
      body = null;
    } finally {
      lock.unlock();
    }
    if (waits != null) {
      waits.end();
    }
    if (whole != null) {
      whole.end();
    }
    if (leads != null) {
      leads.cut();
    }
    return attempt;
  }

  @Override
  protected @Nullable Link<T> link() {
    lock.lock();
    try {
      return link;
    } finally {
      lock.unlock();
    }
  }

  /** The wait before an attempt, or the limit of the whole. Knows the run until it is ended. */
  private static final class RunTimer extends RetryTimer {
    private final boolean ofWhole;
    private @Nullable RetryRun<?> run;

    RunTimer(
        RetryRun<?> run, boolean ofWhole, OwnedTimers owner, String name, long nanos, long now) {
      super(owner, name, ofWhole ? "left" : "next in", nanos, now);
      this.ofWhole = ofWhole;
      this.run = run;
    }

    @Override
    void end() {
      super.end();
      run = null;
    }

    @Override
    protected void fire() {
      RetryRun<?> due = run;
      if (due != null) {
        owner().root().engine.complete(ofWhole ? due::timedOut : due::attempt);
      }
    }

    @Override
    protected void abandoned() {
      RetryRun<?> left = run;
      if (left != null) {
        owner().root().engine.complete(left::ownerCloses);
      }
    }
  }
}
