package io.leaksafe.timeout;

import io.leaksafe.internal.future.Link;
import io.leaksafe.internal.future.OwnedFuture;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One caller that waits for a shared stage: the result and its place in the list of those that wait. */
final class SharedResult<T extends @Nullable Object> extends OwnedFuture<T> {

  /** Where it is: each leads to the next, or straight to the last. */
  enum Place {
    OUTSIDE,
    WAITING,
    LEFT
  }

  /** Guarded by the lock of the stage, as are its neighbours. */
  Place place = Place.OUTSIDE;

  @Nullable
  SharedResult<T> previous;

  @Nullable
  SharedResult<T> next;

  private @Nullable SharedStage<T> stage;
  private @Nullable ResultLimit<T> limit;

  private SharedResult(SharedStage<T> stage) {
    this.stage = stage;
  }

  static <T extends @Nullable Object> CompletableFuture<T> of(
      SharedStage<T> stage, OwnerNode owner, String name, long nanos) {
    SharedResult<T> result = new SharedResult<>(stage);
    try {
      result.begin(stage, owner.timers(), name, nanos);
    } catch (Throwable failure) { // no thread: nothing may be left behind
      result.completeExceptionally(failure);
    }
    return result;
  }

  private void begin(SharedStage<T> waitsFor, OwnedTimers owner, String name, long nanos) {
    long now = owner.root().time.nanoTime();
    ResultLimit<T> timer = new ResultLimit<>(owner, name, now, new Forwarder<>(this), null);
    limit = timer;
    VarHandle
        .storeStoreFence(); // the limit before any reference to this that its user may publish by a
    // race
    if (timer.begin(nanos)) {
      waitsFor.enter(this);
    } else {
      completeExceptionally(Limit.closed(owner.node(), name));
    }
  }

  @Override
  protected @Nullable CompletionStage<?> detach() {
    SharedStage<T> waitsFor = stage;
    stage = null;
    if (waitsFor != null) {
      waitsFor.leave(this);
    }
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
