package io.leaksafe.timeout;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stage that many callers wait for, each with a limit of its own. Made by {@link Timeouts#shared}.
 *
 * <p>A stage of the JDK keeps whatever was ever attached to it until it completes, so what many callers wait for and few see
 * the end of grows without bound. This attaches to it once. A caller that gives up, is cancelled, or whose owner closes leaves at
 * once and without a trace; the stage goes on for the others, and is never cancelled here.
 *
 * <p>Thread safety: every method may be called from any thread.
 *
 * @param <T> what the stage is of
 */
public final class SharedStage<T extends @Nullable Object> {
  /*
   * Those that wait stand in a list in order of arrival, linked through themselves, so that leaving takes two stores. The
   * lock guards the list and the outcome, and is never held while anything of a user's runs.
   *
   * When the stage completes, the outcome is noted first; nobody enters the list from then on. Then the waiters are taken out
   * and completed one by one, so that one that leaves meanwhile finds the list as it always is.
   *
   * Proof: jcstress GiveUpAgainstCompletion, whose twin unlinks without the lock and loses a neighbour.
   */
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SharedResult<T> first;
  private @Nullable SharedResult<T> last;
  private int waiting;

  /** How the stage ended. */
  private record Outcome<T extends @Nullable Object>(
      T value, @Nullable Throwable failure) {}

  private volatile @Nullable Outcome<T> outcome;

  private SharedStage() {}

  static <T extends @Nullable Object> SharedStage<T> of(CompletionStage<T> source) {
    SharedStage<T> shared = new SharedStage<>();
    source.handle((value, failure) -> {
      shared.ended(new Outcome<>(value, failure));
      return null;
    });
    return shared;
  }

  /**
   * Waits for the stage, for as long as the owner lives.
   *
   * @param owner who ends the wait
   * @return the result, as {@link #within(Scope, String, Duration)} with a limit that is never over
   */
  public CompletableFuture<T> within(Scope owner) {
    return result(OwnerNode.of(owner), "shared", Long.MAX_VALUE);
  }

  /**
   * Waits for the stage, and no longer than a limit. As {@link #within(Scope, String, Duration)}, under the name {@code
   * shared}.
   *
   * @param owner who ends the wait
   * @param limit how long from now
   * @return the result
   */
  public CompletableFuture<T> within(Scope owner, Duration limit) {
    return within(owner, "shared", limit);
  }

  /**
   * Waits for the stage, and no longer than a limit.
   *
   * <p>The result ends as that of {@link Timeouts#within(Scope, String, Duration, java.util.function.Supplier)}, except that
   * the stage is not cancelled. Callers are completed in the order in which they came, on the thread that completes the stage.
   *
   * @param owner who ends the wait; if it is closed already, the result has a {@link ClosedScopeException}
   * @param name  what listings and messages call it
   * @param limit how long from now; if it is zero or negative and the stage has not ended, the result has a {@link
   *              TimeoutException}
   * @return the result, one for each call
   */
  public CompletableFuture<T> within(Scope owner, String name, Duration limit) {
    OwnerNode node = OwnerNode.of(owner);
    Check.name(name, "name");
    return result(node, name, Check.saturatedNanos(Check.notNull(limit, "limit")));
  }

  private CompletableFuture<T> result(OwnerNode owner, String name, long nanos) {
    Outcome<T> over = outcome;
    if (over != null) {
      return over.failure == null
          ? CompletableFuture.completedFuture(over.value)
          : CompletableFuture.failedFuture(over.failure);
    }
    if (nanos <= 0) {
      return CompletableFuture.failedFuture(Limit.noTime(owner, name, nanos));
    }
    return SharedResult.of(this, owner, name, nanos);
  }

  /**
   * Counts those that wait.
   *
   * @return zero or more
   */
  public int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the stage has ended, and how many wait for it if not. */
  @Override
  public String toString() {
    return "Shared stage, " + (outcome == null ? waiting() + " waiting" : "ended");
  }

  // ---- the list

  /** Has a result wait, unless it has left already; completes it if the stage has ended. */
  void enter(SharedResult<T> result) {
    Outcome<T> over;
    lock.lock();
    try {
      over = outcome;
      if (over == null && result.place == SharedResult.Place.OUTSIDE) {
        append(result);
      }
    } finally {
      lock.unlock();
    }
    if (over != null) {
      result.sourceEnded(over.value, over.failure);
    }
  }

  private void append(SharedResult<T> result) {
    SharedResult<T> before = last;
    if (before == null) {
      first = result;
    } else {
      before.next = result;
      result.previous = before;
    }
    last = result;
    result.place = SharedResult.Place.WAITING;
    waiting++;
  }

  /** A result waits no more, and never will again. */
  void leave(SharedResult<T> result) {
    lock.lock();
    try {
      unlink(result);
    } finally {
      lock.unlock();
    }
  }

  private void unlink(SharedResult<T> result) {
    if (result.place == SharedResult.Place.WAITING) {
      SharedResult<T> before = result.previous;
      SharedResult<T> after = result.next;
      if (before == null) {
        first = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.previous = before;
      }
      result.previous = null;
      result.next = null;
      waiting--;
    }
    result.place = SharedResult.Place.LEFT;
  }

  private void ended(Outcome<T> how) {
    lock.lock();
    try {
      outcome = how;
    } finally {
      lock.unlock();
    }
    for (SharedResult<T> next = takeFirst(); next != null; next = takeFirst()) {
      next.sourceEnded(how.value, how.failure);
    }
  }

  private @Nullable SharedResult<T> takeFirst() {
    lock.lock();
    try {
      SharedResult<T> taken = first;
      if (taken != null) {
        unlink(taken);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
