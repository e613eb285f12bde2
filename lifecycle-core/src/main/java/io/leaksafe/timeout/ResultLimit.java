package io.leaksafe.timeout;

import io.leaksafe.internal.future.OwnedFuture;
import io.leaksafe.internal.tree.OwnedTimers;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The limit of one result. Knows the result and its source while it is pending, and neither from then on. */
final class ResultLimit<T extends @Nullable Object> extends Limit {

  private @Nullable Forwarder<T> forwarder;
  private @Nullable CompletionStage<?> source;

  ResultLimit(
      OwnedTimers owner,
      String name,
      long now,
      Forwarder<T> forwarder,
      @Nullable CompletionStage<?> source) {
    super(owner, name, now);
    this.forwarder = forwarder;
    this.source = source;
  }

  @Nullable
  Forwarder<T> forwarder() {
    return forwarder;
  }

  /** Takes it away, and every reference with it; returns the source the first time. */
  @Nullable
  CompletionStage<?> detach() {
    end();
    CompletionStage<?> waitedFor = source;
    source = null;
    Forwarder<T> leads = forwarder;
    forwarder = null;
    if (leads != null) {
      leads.cut();
    }
    return waitedFor;
  }

  private @Nullable OwnedFuture<T> result() {
    Forwarder<T> leads = forwarder;
    return leads == null ? null : leads.target();
  }

  @Override
  void timedOut() {
    OwnedFuture<T> result = result();
    if (result != null) {
      result.completeExceptionally(timeout("cancelled"));
    }
  }

  @Override
  void ownerCloses() {
    OwnedFuture<T> result = result();
    if (result != null) {
      result.completeExceptionally(closing("cancelled"));
    }
  }
}
