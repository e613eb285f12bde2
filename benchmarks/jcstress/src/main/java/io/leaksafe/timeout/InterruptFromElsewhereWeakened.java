package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link InterruptFromElsewhere} with a limit that does not look whether the flag is set already. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The interrupt from elsewhere is kept.")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "The limit took the interrupt of somebody else back.")
public class InterruptFromElsewhereWeakened {

  private final ReentrantLock lock = new ReentrantLock();
  private volatile Thread thread;
  private volatile boolean fromElsewhere;
  private boolean over;
  private boolean interrupted;

  @Actor
  public void call(Z_Result r) {
    thread = Thread.currentThread();
    while (!fromElsewhere) { // the body
      Thread.onSpinWait();
    }
    lock.lock();
    over = true;
    if (interrupted) {
      Thread.interrupted();
    }
    lock.unlock();
    r.r1 = Thread.interrupted();
  }

  @Actor
  public void elsewhereAndThenLimit() {
    while (thread == null) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    fromElsewhere = true;
    lock.lock();
    if (!over) {
      interrupted = true;
      thread.interrupt();
    }
    lock.unlock();
  }
}
