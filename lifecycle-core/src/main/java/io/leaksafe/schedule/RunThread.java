package io.leaksafe.schedule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The thread of a run while that is under way: it can be interrupted until then, and never after. */
final class RunThread {
  /*
   * now is the thread, or INTERRUPTING while somebody interrupts it, or null once the run has ended. Whoever ends it waits
   * until the interrupt has happened, so that it hits this run and no other. Proof: jcstress InterruptOfRun, whose twin looks
   * and interrupts in two steps and hits the next run.
   */
  private static final Object INTERRUPTING = new Object();
  private static final VarHandle NOW;

  static {
    try {
      NOW = MethodHandles.lookup().findVarHandle(RunThread.class, "now", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread = Thread.currentThread();
  private volatile @Nullable Object now = thread;

  /** The thread; null once the run has ended. */
  @Nullable
  Thread get() {
    return now == null ? null : thread;
  }

  /** Interrupts the run if it is under way. */
  void interrupt() {
    if (NOW.compareAndSet(this, thread, INTERRUPTING)) {
      thread.interrupt();
      now = thread;
    }
  }

  /** The run has ended; on its thread. */
  @SuppressWarnings(
      "ThreadPriorityCheck") // it yields to whoever is in the middle of interrupting this thread
  void end() {
    while (!NOW.compareAndSet(this, thread, null)) {
      Thread.yield();
    }
  }
}
