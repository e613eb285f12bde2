package io.leaksafe.internal.tree;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What few nodes have, kept out of the many. Written under the lane's lock, before the node's {@code extras} or after it. */
final class Extras {
  volatile @Nullable Origin opened;
  volatile @Nullable Origin closed;
  volatile @Nullable Supplier<Map<String, String>> details;
  volatile long timeoutNanos;
  volatile long warnAfterNanos;
  volatile long movedAt;
  volatile boolean moved;
  volatile LostWatch.@Nullable Link link;
}
