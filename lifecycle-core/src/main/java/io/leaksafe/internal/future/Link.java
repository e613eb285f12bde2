package io.leaksafe.internal.future;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Leads to a result for as long as that is pending, and to nothing from then on: what a source, or a stage derived from the
 * result, may keep for ever. With a subclass that adds no field it is 16 bytes.
 *
 * @param <T> what the result is of
 */
public class Link<T extends @Nullable Object> {
  /*
   * Written once by whoever makes it, before anybody else knows of it, and nulled once or more when the result ends. A thread
   * that still reads the result after that does no harm: a result that has ended refuses every further end.
   */
  private @Nullable OwnedFuture<T> target;

  /** Leads to the given result. */
  public Link(OwnedFuture<T> target) {
    this.target = target;
  }

  /** The result, unless it has ended. */
  public final @Nullable OwnedFuture<T> target() {
    return target;
  }

  /** Lets the result go. */
  public final void cut() {
    target = null;
  }

  /** A stage that leads back to a result: cancelled, it cancels that. */
  static final class Derived<U extends @Nullable Object> extends CompletableFuture<U> {
    private final Link<?> origin;

    Derived(Link<?> origin) {
      this.origin = origin;
    }

    /** As {@link OwnedFuture#newIncompleteFuture}, for the given link of a result. */
    static <V extends @Nullable Object> CompletableFuture<V> of(@Nullable Link<?> origin) {
      return origin == null || origin.target() == null
          ? new CompletableFuture<>()
          : new Derived<>(origin);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      OwnedFuture<?> result = origin.target();
      if (result != null && isCancelled()) {
        result.cancel(mayInterruptIfRunning);
      }
      return cancelled;
    }

    @Override
    public <V extends @Nullable Object> CompletableFuture<V> newIncompleteFuture() {
      return of(origin);
    }
  }
}
