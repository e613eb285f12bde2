package io.leaksafe.map;

import io.leaksafe.internal.tree.EndsFirst;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A value that is closed after it has left its map and its last lease has ended; also what ends each of its leases. */
final class Resource<V> extends EndsFirst<V> {
  /*
   * One int: twice the number of leases, plus one once it is retired.
   *
   *   tryLease   +2, unless it is retired
   *   release    -2; whoever arrives at "retired, no lease" closes
   *   retire     sets the bit; if there was no lease then, whoever does that closes
   *   letGo      retires it if there is no lease, in one step: what is pinned stays
   *
   * letGo is followed by retire, when the removal is told of; so two may come to close, and the end is run once all the same
   * (the handle of the value is claimed). A lease that was given is in the count before retire looks, so a value is never
   * closed while it is leased. Proof: jcstress LeaseAgainstEviction, whose twin looks and then counts.
   */
  private static final int RETIRED = 1;
  private static final int LEASE = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Resource.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What lists call it, and each lease of it: made once, since a lease costs little more than a name would. */
  final String name;

  final V value;
  private final Runnable end;

  @SuppressWarnings("unused") // through STATE
  private int state;

  /** A value, and what closes it; called more than once, it must close once. */
  Resource(String name, V value, Runnable end) {
    this.name = name;
    this.value = value;
    this.end = end;
  }

  /** Counts one more lease; false if it has been retired. */
  boolean tryLease() {
    for (; ; ) {
      int now = (int) STATE.getVolatile(this);
      if ((now & RETIRED) != 0) {
        return false;
      }
      if (STATE.compareAndSet(this, now, now + LEASE)) {
        return true;
      }
    }
  }

  /** Ends one lease. */
  void release() {
    if ((int) STATE.getAndAdd(this, -LEASE) - LEASE == RETIRED) {
      end.run();
    }
  }

  @Override
  protected void ended() {
    release();
  }

  /** It has left the map: no lease is given any more. */
  void retire() {
    if (((int) STATE.getAndBitwiseOr(this, RETIRED) & ~RETIRED) == 0) {
      end.run();
    }
  }

  /** As {@link #retire}, but leaves the closing to others. */
  void retireOnly() {
    STATE.getAndBitwiseOr(this, RETIRED);
  }

  /** Retires it if nobody leases it; whether it is retired then. */
  boolean letGo() {
    return STATE.compareAndSet(this, 0, RETIRED) || (int) STATE.getVolatile(this) == RETIRED;
  }
}
