package io.leaksafe.timeout;

import io.leaksafe.internal.tree.OwnerNode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The interrupts that the limits of one thread's calls have sent to it, and have to take back. The calls are nested; all of
 * them share this.
 */
final class Interrupts {
  /*
   * A thread has one flag for all interrupts. So that none of ours is left on it, and none of anybody else's is lost:
   *
   *   - A limit interrupts under the lock, and only while its call is not over; the call says under the lock that it is over.
   *     So an interrupt comes before that, or not at all.
   *   - A call that was interrupted clears the flag, and then sets it again if an outer call was interrupted meanwhile, or
   *     if the flag was set by somebody else before the first of ours.
   *
   * The lock is one int. A ReentrantLock will not do: a thread that is interrupted while it waits for one has no flag until it
   * has the lock, so that a limit which looked in that moment would not see the interrupt from elsewhere. It is held for one
   * interrupt, so a thread that finds it taken spins for a moment and then yields.
   *
   * Proof: jcstress CallHandsBack, whose twin has no lock and leaves an interrupt behind; InterruptFromElsewhere, whose twin
   * does not look before it interrupts and loses it.
   */
  private static final int SPINS = 64;
  private static final VarHandle LOCKED;

  static {
    try {
      LOCKED = MethodHandles.lookup().findVarHandle(Interrupts.class, "locked", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final ThreadLocal<@Nullable Interrupts> OF_THREAD = new ThreadLocal<>();

  @SuppressWarnings("unused") // through LOCKED
  private int locked;

  private final Thread thread = Thread.currentThread();
  private int calls;
  private int sent;
  private boolean fromElsewhere;

  private Interrupts() {}

  /** A call begins on this thread. */
  static Interrupts enter() {
    Interrupts present = OF_THREAD.get();
    if (present == null) {
      present = new Interrupts();
      OF_THREAD.set(present);
    }
    present.calls++;
    return present;
  }

  /** Whether it is the given thread that runs the calls. */
  boolean isOf(Thread other) {
    return thread == other;
  }

  /** Whether the thread waits for the owner's close. */
  boolean waitsFor(OwnerNode owner) {
    return owner.root().waitsFor(thread, owner);
  }

  /** Interrupts a call unless it is over, for the given reason. */
  void send(CallLimit call, CallLimit.End reason) {
    lock();
    try {
      if (call.end == null) {
        call.end = reason;
        fromElsewhere |= sent == 0 && thread.isInterrupted();
        sent++;
        thread.interrupt();
      }
    } finally {
      unlock();
    }
  }

  /** A call is over, on its own thread; says whether it was interrupted, and why. */
  CallLimit.End leave(CallLimit call) {
    CallLimit.End reason;
    lock();
    try {
      reason = call.end;
      if (reason == null) {
        reason = CallLimit.End.BY_ITSELF;
        call.end = reason;
      } else {
        takeBack();
      }
    } finally {
      unlock();
    }
    forget();
    return reason;
  }

  @SuppressWarnings("ResultOfMethodCallIgnored")
  private void takeBack() {
    Thread.interrupted();
    sent--;
    if (sent > 0 || fromElsewhere) {
      thread.interrupt();
    }
    fromElsewhere &= sent > 0;
  }

  @SuppressWarnings("ThreadPriorityCheck") // it yields to whoever holds the lock
  private void lock() {
    for (int spins = 0; !LOCKED.compareAndSet(this, 0, 1); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void unlock() {
    LOCKED.setRelease(this, 0);
  }

  private void forget() {
    calls--;
    if (calls == 0) {
      OF_THREAD.remove();
    }
  }
}
