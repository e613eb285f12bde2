package io.leaksafe.share;

import io.leaksafe.handle.Closer;
import io.leaksafe.internal.tree.HandleNode;
import org.jspecify.annotations.Nullable;

/** One holder's part in a share, and the closer that gives it back. All fields are guarded by the share's lock. */
final class Lease<T> implements Closer<T> {

  private final Share<T> share;

  /** Whether it counts: from when it was asked for until it was given back, or taken away. */
  boolean linked;

  @Nullable
  Lease<T> older;

  @Nullable
  Lease<T> newer;

  /** The handle in the holder's scope; null until it stands there. */
  @Nullable
  HandleNode<T> handle;

  Lease(Share<T> share) {
    this.share = share;
  }

  @Override
  public void close(T ignored) throws Exception {
    share.giveBack(this);
  }
}
