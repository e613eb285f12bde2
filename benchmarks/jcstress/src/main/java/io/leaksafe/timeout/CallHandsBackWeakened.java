package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link CallHandsBack} with a call that does not wait for an interrupt that is on its way. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "No interrupt is left over.")
@Outcome(
    id = "true",
    expect = FORBIDDEN,
    desc = "The interrupt reached whom the thread serves next.")
public class CallHandsBackWeakened {

  private static final int SPINS = 50;

  private volatile Thread begun;
  private volatile boolean over;
  private volatile boolean interrupted;

  @Actor
  public void call(Z_Result r) {
    begun = Thread.currentThread();
    spin(); // the body
    over = true;
    if (interrupted) {
      Thread.interrupted();
    }
    spin(); // what the thread does next
    r.r1 = Thread.interrupted();
  }

  private static void spin() {
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
  }

  @Actor
  public void limit() {
    while (begun == null) {
      Thread.onSpinWait();
    }
    if (!over) {
      interrupted = true;
      begun.interrupt();
    }
  }
}
