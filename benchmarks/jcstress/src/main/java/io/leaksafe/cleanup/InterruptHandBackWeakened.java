package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link InterruptHandBack} with a closer that does not wait for an interrupt that is on its way. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "No interrupt is left over.")
@Outcome(
    id = "true",
    expect = FORBIDDEN,
    desc = "The interrupt reached the caller, or whom it serves next.")
public class InterruptHandBackWeakened {

  private static final int SPINS = 50;

  private final ReentrantLock lock = new ReentrantLock();
  private Thread closer;
  private boolean over;

  @Actor
  public void close(Z_Result r) {
    lock.lock();
    closer = Thread.currentThread();
    lock.unlock();
    spin(); // the closer
    lock.lock();
    over = true;
    lock.unlock();
    Thread.interrupted();
    r.r1 = Thread.interrupted();
  }

  private static void spin() {
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
  }

  @Actor
  public void watch() {
    lock.lock();
    Thread overdue = over ? null : closer;
    lock.unlock();
    if (overdue != null) {
      spin(); // the stack is taken, and somebody is told
      overdue.interrupt();
    }
  }
}
