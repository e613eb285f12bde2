package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A run ends while its close gives up waiting and interrupts it: the interrupt hits this run or none. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "The interrupt hit the run, or nothing.")
@Outcome(id = "true", expect = FORBIDDEN, desc = "The interrupt hit what the thread did next.")
public class InterruptOfRun {

  private static final int SPINS = 100;

  private volatile RunThread run;

  @Actor
  public void worker(Z_Result r) {
    RunThread mine = new RunThread();
    run = mine;
    mine.end();
    Thread.interrupted(); // what came during the run, as a worker does before its next task
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
    r.r1 = Thread.interrupted();
  }

  @Actor
  public void closer() {
    for (int i = 0; i < SPINS && run == null; i++) {
      Thread.onSpinWait();
    }
    RunThread theirs = run;
    if (theirs != null) {
      theirs.interrupt();
    }
  }
}
