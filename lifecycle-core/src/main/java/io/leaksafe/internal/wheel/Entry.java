package io.leaksafe.internal.wheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Something that stands in a wheel until it is due. */
public abstract class Entry {
  /*
   * PENDING ──takeDue──> FIRED          by CAS, under the lock of its stripe
   *    ├─────cancel────> CANCELLED      by a plain store under that lock, or by CAS from anywhere
   *    └─────disarm────> DISARMED       by CAS, under that lock
   * FIRED ──────begin──> BEGUN          by CAS: it is about to run
   *    └──disarm, stop─> DISARMED or CANCELLED, by CAS: it was due, but will not run
   * BEGUN, DISARMED ──add──> PENDING    under the lock; by whoever has the only right to
   *
   * CANCELLED is final, so a message that frees the slot of a cancelled entry can never meet it in a new one. The plain store
   * of a cancel can only meet the CAS of another cancel, to the same value: then both have won, and nothing fires.
   * Proof: jcstress LocalCancelAgainstFire and RemoteCancelAgainstFire, whose twins look and then write.
   *
   * PENDING is zero and so is the place of an entry that has never stood anywhere (a sentinel's, where no entry stands), so
   * that making an entry writes nothing.
   */
  static final int PENDING = 0;
  static final int FIRED = 1;
  static final int CANCELLED = 2;
  static final int DISARMED = 3;
  static final int BEGUN = 4;

  private static final VarHandle STATE;
  private static final VarHandle PLACE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Entry.class, "state", int.class);
      PLACE = MethodHandles.lookup().findVarHandle(Entry.class, "place", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through STATE
  private int state;

  /** Its stripe, above, and its slot there; written under the lock of that stripe. */
  @SuppressWarnings("UnusedVariable") // through PLACE
  private int place;

  private long due;

  /** For subclasses. */
  protected Entry() {}

  /** Those it ends together with; null for none. The same whenever it is asked. */
  protected abstract @Nullable Group group();

  /** When it is, or was last, due: nanoseconds by the clock of its wheels. */
  public final long due() {
    return due;
  }

  final void due(long nanos) {
    due = nanos;
  }

  final int place() {
    return (int) PLACE.getOpaque(this);
  }

  final void place(int at) {
    PLACE.setOpaque(this, at);
  }

  /** Whether it has neither fired nor been kept from it. */
  final boolean isPending() {
    return (int) STATE.getAcquire(this) == PENDING;
  }

  final void state(int value) {
    STATE.setOpaque(this, value);
  }

  /** Goes from one state to another; false if it is in neither. */
  final boolean go(int from, int to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Whether it stands in a wheel or is being put there. */
  final boolean isStanding() {
    return isPending() && place() != 0;
  }

  /** It is due without having stood in a wheel; before anybody else knows it. */
  public final void dueAtOnce() {
    state(FIRED);
  }

  /**
   * Begins to run what was due. Of this, {@link #stop} and {@link Wheels#disarm}, one succeeds.
   *
   * @return whether the caller is to run it
   */
  public final boolean begin() {
    return go(FIRED, BEGUN);
  }

  /** Whether it has begun to run; true from then on, also once it has ended. */
  public final boolean hasBegun() {
    return (int) STATE.getAcquire(this) == BEGUN;
  }

  /**
   * Keeps from running what was due and has not begun; for good.
   *
   * @return whether that was so
   */
  public final boolean stop() {
    return go(FIRED, CANCELLED);
  }
}
