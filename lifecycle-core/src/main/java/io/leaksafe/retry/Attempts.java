package io.leaksafe.retry;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one run: which it is at, what the earlier ones failed with, and whether there is another. */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class.getPackageName());

  /** As many suppressed exceptions as one failure carries at most. */
  private static final int MOST_EARLIER = 10;

  /** Says that there is no further attempt. */
  static final long GIVE_UP = -1;

  private final Retry retry;
  private final OwnerNode owner;
  private final long startedAt;

  /** Guards what follows; never held while anything of a user's runs. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Deque<Failed> earlier = new ArrayDeque<>(0);
  private int attempt = 1;

  Attempts(Retry retry, OwnerNode owner) {
    this.retry = retry;
    this.owner = owner;
    this.startedAt = time().nanoTime();
  }

  /** What a failure is told beyond itself: an attempt before it, or why there was none after it. */
  @SuppressWarnings("OverrideThrowableToString") // to leave out its class name, which says nothing
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message, @Nullable Throwable why) {
      super(message, why, false, false); // what it failed with has the stack
    }

    /** The message says it all. */
    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }

  private TimeSource time() {
    return owner.root().time;
  }

  /** What listings call the attempt under way, or the wait for it. */
  String name() {
    return retry.name + ", " + which();
  }

  private String which() {
    lock.lock();
    try {
      return "attempt " + attempt + " of " + retry.attempts;
    } finally {
      lock.unlock();
    }
  }

  /** How much of the time of the whole is left, in nanoseconds. */
  long leftNanos() {
    return retry.totalNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : retry.totalNanos - (time().nanoTime() - startedAt);
  }

  /**
   * The attempt under way has failed. If there is another, counts it and tells the listener; if not, the failure gets those
   * before it as suppressed exceptions.
   *
   * @return how long to wait, in nanoseconds; or {@link #GIVE_UP}
   */
  long next(Throwable failure) {
    int failed = current();
    if (failed == retry.attempts || !isTriedAgain(failure)) {
      addEarlier(failure);
      return GIVE_UP;
    }
    long delay = retry.backoff.after(failed);
    long left = leftNanos();
    if (delay >= left) {
      addEarlier(failure);
      suppress(failure, new Failed(noTime(failed, delay, left), null));
      return GIVE_UP;
    }
    count(failed, failure, delay);
    tell(failed, failure, delay);
    return delay;
  }

  private int current() {
    lock.lock();
    try {
      return attempt;
    } finally {
      lock.unlock();
    }
  }

  private boolean isTriedAgain(Throwable failure) {
    if (!(failure instanceof Exception exception)
        || failure instanceof InterruptedException
        || failure instanceof CancellationException
        || failure instanceof ClosedScopeException) {
      return false;
    }
    Predicate<? super Exception> picks = retry.retryIf;
    try {
      return picks == null || picks.test(exception);
    } catch (Throwable broken) { // told with what it was asked about
      suppress(failure, broken);
      return false;
    }
  }

  private void count(int failed, Throwable failure, long delay) {
    String message = "Attempt " + failed + " of " + retry.attempts + " of '" + retry.name
        + "' failed; the next was to begin " + Text.duration(delay) + " later.";
    lock.lock();
    try {
      attempt++;
      if (earlier.size() == MOST_EARLIER) {
        earlier.removeFirst();
      }
      earlier.addLast(new Failed(message, failure));
    } finally {
      lock.unlock();
    }
  }

  private void tell(int failed, Throwable failure, long delay) {
    Retry.Listener listener = retry.listener;
    if (listener == null) {
      return;
    }
    try {
      listener.onRetry(failed, Duration.ofNanos(delay), failure);
    } catch (Throwable broken) { // must not stop the run
      LOG.warn(
          "The listener of '{}/{}' failed at attempt {}; the run goes on.",
          owner.path(),
          retry.name,
          failed,
          broken);
    }
  }

  // ---- the end

  /** Adds the attempts before the last one to what the run fails with. */
  <E extends Throwable> E addEarlier(E failure) {
    Failed[] before;
    lock.lock();
    try {
      before = earlier.toArray(new Failed[0]);
    } finally {
      lock.unlock();
    }
    for (Failed each : before) {
      suppress(failure, each);
    }
    return failure;
  }

  /**
   * One exception may be thrown again and again: what is added to it must stay bounded, and it must not become a part of
   * itself.
   */
  private static void suppress(Throwable failure, Throwable added) {
    boolean itself = added == failure || added instanceof Failed && added.getCause() == failure;
    if (!itself && failure.getSuppressed().length < MOST_EARLIER) {
      failure.addSuppressed(added);
    }
  }

  private String noTime(int failed, long delay, long left) {
    return "'" + retry.name + "' was not tried again after attempt " + failed + " of "
        + retry.attempts + ": the wait of " + Text.duration(delay)
        + " is longer than what is left, "
        + Text.duration(Math.max(0, left)) + " of " + Text.duration(retry.totalNanos) + ".";
  }

  /** The time of the whole is over. */
  TimeoutException timeout() {
    return addEarlier(new TimeoutException("'" + owner.path() + "/" + retry.name
        + "' was not done after " + Text.duration(retry.totalNanos) + " in all (" + which()
        + "); it was given up. Raise within(), or see what the attempts failed with: they are "
        + "suppressed exceptions of this one."));
  }

  /** The owner closes, or has closed. */
  ClosedScopeException closing() {
    return addEarlier(new ClosedScopeException("'" + owner.path() + "' is "
        + (owner.isClosed() ? "closed" : "closing") + "; '" + retry.name + "' was given up at "
        + which() + ". Let it end before close(), or give it an owner that lives longer."));
  }

  /** The thread was interrupted between two attempts. */
  InterruptedException interrupted() {
    return addEarlier(new InterruptedException("'" + owner.path() + "/" + retry.name
        + "' was interrupted while it waited for " + which() + "."));
  }
}
