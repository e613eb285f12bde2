package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A timer is cancelled at the moment it is due: it fires, or the cancel says that it will not. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It was cancelled, and does not fire.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "It fires, and the cancel came too late.")
@Outcome(id = "true, 1", expect = FORBIDDEN, desc = "It fires though it was cancelled.")
@Outcome(id = "false, 0", expect = FORBIDDEN, desc = "It is neither cancelled nor fired.")
public class CancelAgainstFire {

  private final PermitTime time = new PermitTime();
  private final TimerEngine engine = new TimerEngine("stress", time, null, null);
  private final CountingTimer timer = new CountingTimer();

  public CancelAgainstFire() {
    engine.schedule(timer, time.nanoTime());
  }

  @Actor
  public void timerThread() {
    time.runKeptUntilIdle();
  }

  @Actor
  public void cancel(ZI_Result r) {
    r.r1 = engine.cancel(timer);
    time.allSaid();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = timer.fired();
  }
}
