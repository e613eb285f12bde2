package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What no shard of a map has taken of its maximum yet. */
final class Budget {
  /*
   * Shards take from it in batches that shrink to one as the end comes near, so that a shard with more keys than the others
   * finds the last of it, and none evicts while there is any.
   */
  private static final VarHandle FREE;

  static {
    try {
      FREE = MethodHandles.lookup().findVarHandle(Budget.class, "free", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long free;

  /** Takes as much as is good for a shard of the given size; zero if nothing is left. */
  long take(int shards, long size) {
    for (; ; ) {
      long left = free;
      if (left == 0) {
        return 0;
      }
      long batch = Math.max(1, Math.min(left / (4L * shards), 1 + size / 8));
      if (FREE.compareAndSet(this, left, left - batch)) {
        return batch;
      }
    }
  }

  void give(long amount) {
    FREE.getAndAdd(this, amount);
  }

  long free() {
    return free;
  }
}
