package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A closer ends at the moment it is interrupted: the interrupt reaches that closer or nobody. */
@State
@JCStressTest
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "No interrupt is left over.")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "The interrupt reached the next closer.")
@Outcome(id = "false, true", expect = FORBIDDEN, desc = "The interrupt reached the caller.")
@Outcome(
    id = "true, true",
    expect = FORBIDDEN,
    desc = "The interrupt reached the next closer, and the caller.")
public class InterruptHandBack {

  private static final long SHARE_IS_OVER_NANOS = 3_000_000_000L;
  private static final int SPINS = 200;

  private final StressTime time = new StressTime();
  private final TreeScope scope = (TreeScope) Roots.open(time).child("scope");
  private final CloseRun run;
  private volatile boolean begun;
  private boolean reachedNext;

  public InterruptHandBack() {
    scope.defer("next", () -> reachedNext = Thread.currentThread().isInterrupted());
    scope.defer("slow", this::closeSlowly);
    run = scope.newRun();
    time.set(SHARE_IS_OVER_NANOS);
  }

  private void closeSlowly() {
    begun = true;
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
  }

  @Actor
  public void close(ZZ_Result r) {
    scope.closeNow(run);
    r.r1 = reachedNext;
    r.r2 = Thread.interrupted();
  }

  @Actor
  public void watch() {
    while (!begun) {
      Thread.onSpinWait();
    }
    run.watch();
  }
}
