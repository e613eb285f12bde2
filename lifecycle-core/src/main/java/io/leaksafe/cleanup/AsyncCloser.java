package io.leaksafe.cleanup;

import io.leaksafe.handle.Closer;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.time.TimeSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Starts a closing and waits until its stage has completed. */
record AsyncCloser<T>(TimeSource time, Function<? super T, ? extends CompletionStage<?>> start)
    implements Closer<T> {

  /** How the stage ended, handed from the thread that completes it to the one that waits. */
  private static final class Outcome {
    private volatile boolean over;
    private volatile @Nullable Throwable failure;
  }

  @Override
  public void close(T resource) throws Exception {
    CompletionStage<?> stage = Check.notNull(
        start.apply(resource), "the stage returned by the closer given to registerAsync");
    Outcome outcome = new Outcome();
    Thread self = Thread.currentThread();
    stage.whenComplete((value, failure) -> {
      outcome.failure = failure;
      outcome.over = true;
      time.unpark(self);
    });
    while (!outcome.over) {
      if (Thread.interrupted()) {
        throw new StillClosing(stage);
      }
      time.park(stage, Long.MAX_VALUE);
    }
    Throwable failure = unwrap(outcome.failure);
    if (failure != null) {
      AsyncCloser.<Exception>rethrow(failure);
    }
  }

  /** Throws what a stage may end with: any Throwable. Whoever runs closers catches all of them. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }

  static @Nullable Throwable unwrap(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
