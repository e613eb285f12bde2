package io.leaksafe.internal.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result that somebody owns: when it ends, by whatever way, its timer goes and it lets go of what it waited for; and if that
 * was not the end of what it waited for, that is cancelled.
 *
 * @param <T> what it is of
 */
public abstract class OwnedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  /*
   * Who ends it. Its source, its user, its timer and its owner may meet here. Each of them first takes the timer and the
   * references away (detach, which may be called by several), and then tries to complete; CompletableFuture's own compare lets
   * one of them through. Taking away first is safe, since whoever gets here and finds it pending leaves it ended: by itself,
   * or because somebody else was faster. So when dependents run, which may take long, there is no timer any more.
   *
   * The source is cancelled by whoever took it away, unless that was the source itself, and after the completion: the limit
   * holds whatever a source does when it is cancelled. If the source was faster, it has ended and the cancellation does
   * nothing.
   *
   * Proof: jcstress OneEndWins, whose twin looks and completes in two steps.
   */
  private static final Logger LOG = LoggerFactory.getLogger(OwnedFuture.class.getPackageName());

  /** For subclasses. */
  protected OwnedFuture() {}

  /**
   * Takes the timer away and lets go of everything. May be called by several threads, and again.
   *
   * @return what it waited for, if it is to be cancelled unless it has ended; null if there is nothing, or another call has
   *     returned it
   */
  protected abstract @Nullable CompletionStage<?> detach();

  /** What leads back here from derived stages; null once this has ended. */
  protected abstract @Nullable Link<T> link();

  // ---- ends

  /** What it waited for has ended. */
  public final void sourceEnded(T value, @Nullable Throwable failure) {
    if (isDone()) {
      return;
    }
    detach();
    if (failure == null) {
      super.complete(value);
    } else {
      super.completeExceptionally(failure);
    }
  }

  @Override
  public boolean complete(T value) {
    if (isDone()) {
      return false;
    }
    CompletionStage<?> source = detach();
    boolean ended = super.complete(value);
    cancel(source);
    return ended;
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    if (failure == null) {
      throw new NullPointerException("failure must not be null.");
    }
    if (isDone()) {
      return false;
    }
    CompletionStage<?> source = detach();
    boolean ended = super.completeExceptionally(failure);
    cancel(source);
    return ended;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (isDone()) {
      return super.cancel(mayInterruptIfRunning);
    }
    CompletionStage<?> source = detach();
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    cancel(source);
    return cancelled;
  }

  @Override
  public void obtrudeValue(T value) {
    CompletionStage<?> source = detach();
    super.obtrudeValue(value);
    cancel(source);
  }

  @Override
  public void obtrudeException(Throwable failure) {
    if (failure == null) {
      throw new NullPointerException("failure must not be null.");
    }
    CompletionStage<?> source = detach();
    super.obtrudeException(failure);
    cancel(source);
  }

  /** The inherited one completes by a way of its own, past {@link #complete}. */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    if (supplier == null) {
      throw new NullPointerException("supplier must not be null.");
    }
    executor.execute(() -> {
      if (isDone()) {
        return;
      }
      try {
        complete(supplier.get());
      } catch (Throwable failure) { // is the result
        completeExceptionally(failure);
      }
    });
    return this;
  }

  /** Cancelling a derived stage cancels this: whoever holds the end of a chain of stages holds nothing else. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return Link.Derived.of(link());
  }

  /** Cancels a stage as far as it lets itself be cancelled. */
  public static void cancel(@Nullable CompletionStage<?> stage) {
    if (stage == null) {
      return;
    }
    try {
      CompletableFuture<?> future =
          stage instanceof CompletableFuture<?> same ? same : stage.toCompletableFuture();
      future.cancel(true);
    } catch (UnsupportedOperationException cannot) {
      LOG.trace("A stage cannot be cancelled and goes on by itself.", cannot);
    } catch (Throwable failure) { // of a stage that nobody waits for any more
      LOG.warn(
          "Cancelling a stage of {} failed; nobody waits for it any more.",
          stage.getClass().getName(),
          failure);
    }
  }
}
