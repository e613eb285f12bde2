package io.leaksafe.share;

import org.jspecify.annotations.Nullable;

/** One attempt at opening, for which others may wait. The result is written before {@link #done}, and read after it. */
final class Opening<T> {
  volatile boolean done;

  @Nullable
  T value;

  @Nullable
  Throwable failure;
}
