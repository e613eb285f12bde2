package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One entry that left, of which the listener has to hear; as a task, the call of the listener. */
final class Removal implements Runnable {

  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(Removal.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Removals to;
  final int hash;
  final Object key;
  final Object value;
  final RemovalCause cause;

  /** The next one that left in the same step; of the thread that removed it. */
  @Nullable
  Removal next;

  /** The next one whose turn has come and is not over, in the same stripe; guarded by that. */
  @Nullable
  Removal underWay;

  /** The next one of the same key, and the last of them; guarded by the stripe. */
  @Nullable
  Removal following;

  @Nullable
  Removal lastFollowing;

  @SuppressWarnings("unused") // through CLAIMED
  private boolean claimed;

  Removal(Removals to, int hash, Object key, Object value, RemovalCause cause) {
    this.to = to;
    this.hash = hash;
    this.key = key;
    this.value = value;
    this.cause = cause;
  }

  /** Gains the right to make the call; true for one caller. */
  boolean claim() {
    return CLAIMED.compareAndSet(this, false, true);
  }

  @Override
  public void run() {
    to.tell(this);
  }
}
