package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One entry that left, of which the listener has to hear; as a task, the call of the listener. */
class Removal implements Runnable {

  private static final VarHandle TELLER;

  static {
    try {
      TELLER = MethodHandles.lookup().findVarHandle(Removal.class, "teller", Thread.class);
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

  /** The next one of the same key, the last of them, and how many they are; guarded by the stripe. */
  @Nullable
  Removal following;

  @Nullable
  Removal lastFollowing;

  int followers;

  /** Who makes the call, or has made it. */
  @SuppressWarnings("unused") // through TELLER
  private volatile @Nullable Thread teller;

  Removal(Removals to, int hash, Object key, Object value, RemovalCause cause) {
    this.to = to;
    this.hash = hash;
    this.key = key;
    this.value = value;
    this.cause = cause;
  }

  /** Gains the right to make the call; true for one caller. */
  final boolean claim() {
    return TELLER.compareAndSet(this, (Thread) null, Thread.currentThread());
  }

  /** Who has gained it; null if nobody has. */
  final @Nullable Thread teller() {
    return teller;
  }

  @Override
  public void run() {
    to.tell(this);
  }
}
