package io.leaksafe.retry;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.time.TimeSource;
import io.leaksafe.timeout.Timeouts;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run on its caller's thread. */
final class RetryCall<T extends @Nullable Object> {

  private final Retry retry;
  private final Scope scope;
  private final OwnerNode owner;
  private final Callable<T> body;
  private final Attempts attempts;

  RetryCall(Retry retry, Scope scope, Callable<T> body) {
    this.retry = retry;
    this.scope = scope;
    this.owner = OwnerNode.of(scope);
    this.body = body;
    this.attempts = new Attempts(retry, owner);
  }

  T run() throws Exception {
    for (; ; ) {
      long limit = Math.min(retry.eachNanos, attempts.leftNanos());
      Exception failure;
      try {
        return Timeouts.call(scope, attempts.name(), Duration.ofNanos(limit), body);
      } catch (Exception thrown) {
        failure = thrown;
      }
      if (failure instanceof TimeoutException && attempts.leftNanos() <= 0) {
        TimeoutException inAll = attempts.timeout();
        inAll.initCause(failure);
        throw inAll;
      }
      long delay = attempts.next(failure);
      if (delay == Attempts.GIVE_UP) {
        throw failure;
      }
      if (delay > 0) {
        await(delay);
      }
    }
  }

  private void await(long nanos) throws InterruptedException {
    TimeSource time = owner.root().time;
    long now = time.nanoTime();
    Wait wait = new Wait(owner.timers(), attempts.name(), nanos, now);
    if (!wait.begin(now)) {
      throw attempts.closing();
    }
    try {
      while (wait.end == null) {
        if (Thread.interrupted()) {
          throw attempts.interrupted();
        }
        time.park(wait, Long.MAX_VALUE);
      }
    } finally {
      wait.end();
    }
    if (wait.end == End.OWNER_CLOSES) {
      throw attempts.closing();
    }
  }

  private enum End {
    DUE,
    OWNER_CLOSES
  }

  /** Wakes the thread that made it. */
  private static final class Wait extends RetryTimer {
    private @Nullable Thread thread = Thread.currentThread();
    private volatile @Nullable End end;

    Wait(OwnedTimers owner, String name, long nanos, long now) {
      super(owner, name, "next in", nanos, now);
    }

    @Override
    protected void fire() {
      wake(End.DUE);
    }

    @Override
    protected void abandoned() {
      wake(End.OWNER_CLOSES);
    }

    @Override
    void end() {
      super.end();
      thread = null;
    }

    private void wake(End how) {
      Thread waiting = thread;
      if (waiting != null) {
        end = how;
        owner().root().time.unpark(waiting);
      }
    }
  }
}
