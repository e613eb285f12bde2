package io.leaksafe.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A lock for sections of some ten to a hundred instructions, in which nothing blocks. */
abstract class SpinLock {
  /*
   * Taken by CAS, an acquire, and given back by a release store, as the tree's lists are: a ReentrantLock costs two full
   * barriers more, and parks at once. A thread that finds it taken spins for a moment, then yields.
   */
  private static final int SPINS = 128;
  private static final VarHandle LOCKED;

  static {
    try {
      LOCKED = MethodHandles.lookup().findVarHandle(SpinLock.class, "locked", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through LOCKED
  private int locked;

  final boolean tryLock() {
    return LOCKED.compareAndSet(this, 0, 1);
  }

  final void lock() {
    if (!tryLock()) {
      wait(this);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // it yields to whoever holds the lock
  private static void wait(SpinLock lock) {
    for (int spins = 0; (int) LOCKED.getOpaque(lock) != 0 || !lock.tryLock(); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  final void unlock() {
    LOCKED.setRelease(this, 0);
  }
}
