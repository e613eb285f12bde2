package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A lock for sections of some ten to a hundred instructions, in which nothing blocks. Not fair, not reentrant. */
abstract class SpinLock {
  /*
   * Taken by one CAS and given back by one exchange. A thread that finds it taken spins for a moment, which is long enough
   * unless the holder has lost its core: then it parks, so that the core is free for the holder. Yielding instead would keep
   * this thread runnable, and the holder waiting for its old core.
   *
   * The state is FREE, HELD, or HELD_AWAITED: held, and whoever gives it back has to wake those who wait. A waiter first pushes
   * itself and then sets HELD_AWAITED by an exchange, which also takes the lock if it was free; so if it has to park, whoever
   * holds the lock will find both. A waiter may be woken for nothing, and tries again; one that took the lock stays pushed, and
   * is woken later for nothing. Proof: jcstress ParkAgainstUnlock, whose twin looks for waiters before it frees the lock.
   */
  private static final int SPINS = 256;
  private static final int FREE = 0;
  private static final int HELD = 1;
  private static final int HELD_AWAITED = 2;
  private static final VarHandle STATE;
  private static final VarHandle WAITERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(SpinLock.class, "state", int.class);
      WAITERS = lookup.findVarHandle(SpinLock.class, "waiters", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Waiter extends Semaphore {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Waiter next;

    Waiter() {
      super(0);
    }
  }

  private final int spins;

  @SuppressWarnings("unused") // through STATE
  private int state;

  @SuppressWarnings("unused") // through WAITERS
  private volatile @Nullable Waiter waiters;

  SpinLock() {
    this(SPINS);
  }

  /** Makes one that looks so many times before it parks. */
  SpinLock(int spins) {
    this.spins = spins;
  }

  final boolean tryLock() {
    return STATE.compareAndSet(this, FREE, HELD);
  }

  final void lock() {
    if (!tryLock()) {
      awaitFree();
    }
  }

  private void awaitFree() {
    for (int i = 0; i < spins; i++) {
      if ((int) STATE.getOpaque(this) == FREE && tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    for (Waiter self = push(); (int) STATE.getAndSet(this, HELD_AWAITED) != FREE; self = push()) {
      self.acquireUninterruptibly();
    }
  }

  private Waiter push() {
    Waiter self = new Waiter();
    Waiter first;
    do {
      first = waiters;
      self.next = first;
    } while (!WAITERS.compareAndSet(this, first, self));
    return self;
  }

  final void unlock() {
    if ((int) STATE.getAndSet(this, FREE) == HELD_AWAITED) {
      wakeAll();
    }
  }

  private void wakeAll() {
    for (Waiter each = (Waiter) WAITERS.getAndSet(this, (Waiter) null);
        each != null;
        each = each.next) {
      each.release();
    }
  }
}
