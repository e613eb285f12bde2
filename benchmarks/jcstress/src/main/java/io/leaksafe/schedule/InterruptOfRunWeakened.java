package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link InterruptOfRun} with a closer that looks whether the run is under way, and interrupts, in two steps. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "The interrupt hit the run, or nothing.")
@Outcome(id = "true", expect = FORBIDDEN, desc = "The interrupt hit what the thread did next.")
public class InterruptOfRunWeakened {

  private static final int SPINS = 100;

  private volatile Careless run;

  @Actor
  public void worker(Z_Result r) {
    Careless mine = new Careless();
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
    Careless theirs = run;
    if (theirs != null) {
      theirs.interrupt();
    }
  }

  /** A thread of a run that does not wait for who interrupts it. */
  private static final class Careless {
    private final Thread thread = Thread.currentThread();
    private volatile boolean over;

    void interrupt() {
      if (!over) {
        thread.interrupt();
      }
    }

    void end() {
      over = true;
    }
  }
}
