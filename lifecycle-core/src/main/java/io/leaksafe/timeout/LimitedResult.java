package io.leaksafe.timeout;

import io.leaksafe.internal.future.Link;
import io.leaksafe.internal.future.OwnedFuture;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The result of {@link Timeouts#within}: ends with its source, or with its limit, or with its owner. */
final class LimitedResult<T extends @Nullable Object> extends OwnedFuture<T> {
  /*
   * What refers to what while it is pending; each arrow marked with an x is taken away at the end:
   *
   *     engine ──x──> limit ──x──> forwarder ──x──> result (the user's)
   *                     │              ^               │x
   *                     │x             │               v
   *                     └──> source ───┘             limit
   *
   * So a source that never completes keeps, for each caller that gave up, the forwarder and the two objects that
   * CompletableFuture.handle makes: 80 bytes. The limit is pending before the source knows of this, so that whoever ends this
   * finds it.
   */
  private @Nullable ResultLimit<T> limit;

  private LimitedResult() {}

  static <T extends @Nullable Object> CompletableFuture<T> of(
      OwnerNode owner, String name, long nanos, CompletionStage<T> source) {
    LimitedResult<T> result = new LimitedResult<>();
    try {
      result.begin(owner.timers(), name, nanos, source);
    } catch (Throwable failure) { // of the source, or no thread: nothing may be left behind
      result.completeExceptionally(failure);
    }
    return result;
  }

  private void begin(OwnedTimers owner, String name, long nanos, CompletionStage<T> source) {
    long now = owner.root().time.nanoTime();
    Forwarder<T> forwarder = new Forwarder<>(this);
    ResultLimit<T> timer = new ResultLimit<>(owner, name, now, forwarder, source);
    limit = timer;
    VarHandle
        .storeStoreFence(); // the limit before any reference to this that its user may publish by a
    // race
    if (!timer.begin(nanos)) {
      completeExceptionally(Limit.closed(owner.node(), name));
    } else if (source.handle(forwarder) == null) {
      throw new NullPointerException("The stage of '" + name + "' returned null from handle(..).");
    }
  }

  @Override
  protected @Nullable CompletionStage<?> detach() {
    ResultLimit<T> pending = limit;
    limit = null;
    return pending == null ? null : pending.detach();
  }

  @Override
  protected @Nullable Link<T> link() {
    ResultLimit<T> pending = limit;
    return pending == null ? null : pending.forwarder();
  }
}
