package io.leaksafe.schedule;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.Root;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs several tasks for the result of one. The JDK's own way of doing so waits for ever when the executor is shut down
 * before any of them has begun.
 */
final class AnyOf<T> {

  private final TaskExecutor executor;
  private final Root root;
  private final Queue<Future<T>> ended = new ConcurrentLinkedQueue<>();
  private final List<Future<T>> all = new ArrayList<>();

  AnyOf(TaskExecutor executor) {
    this.executor = executor;
    this.root = executor.root();
  }

  /** Returns the first result, and cancels the others; waits until the deadline, or without limit. */
  T call(Collection<? extends Callable<T>> bodies, @Nullable Long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (Check.notNull(bodies, "tasks").isEmpty()) {
      throw new IllegalArgumentException(
          "tasks must not be empty: there is none to have a result.");
    }
    try {
      for (Callable<T> body : bodies) {
        begin(Check.notNull(body, "task"));
      }
      return firstResult(deadline);
    } finally {
      all.forEach(task -> task.cancel(true));
    }
  }

  private void begin(Callable<T> body) {
    ExecutorTask<T> task = new ExecutorTask<>(executor, body, root.time.nanoTime(), 0) {
      @Override
      protected void done() {
        ended.add(this);
        root.wakeWaiters();
        super.done();
      }
    };
    executor.accept(task);
    all.add(task);
  }

  private T firstResult(@Nullable Long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    ExecutionException failure = null;
    for (int left = all.size(); left > 0; left--) {
      Future<T> next = next(deadline);
      try {
        return next.get();
      } catch (CancellationException cancelled) {
        failure = new ExecutionException(cancelled);
      } catch (ExecutionException failed) {
        failure = failed;
      }
    }
    throw Check.notNull(failure, "failure");
  }

  private Future<T> next(@Nullable Long deadline) throws InterruptedException, TimeoutException {
    if (root.awaitSignal(() -> !ended.isEmpty(), deadline)) {
      return ended.remove();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    throw new TimeoutException();
  }
}
