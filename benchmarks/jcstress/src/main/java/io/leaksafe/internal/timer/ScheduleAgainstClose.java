package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** A timer is scheduled while the engine closes: it is refused, or it is dropped; once the engine is closed nothing fires. */
@State
@JCStressTest
@Outcome(
    id = "true, 0, 0",
    expect = ACCEPTABLE,
    desc = "It was accepted, and dropped by the close.")
@Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(expect = FORBIDDEN, desc = "It fires after the close, or stays pending for ever.")
public class ScheduleAgainstClose {

  private final PermitTime time = new PermitTime();
  private final TimerEngine engine = new TimerEngine("stress", time, null, null);
  private final CountingTimer timer = new CountingTimer();

  @Actor
  public void schedule(ZII_Result r) {
    r.r1 = engine.schedule(timer, time.nanoTime());
  }

  @Actor
  public void close() {
    engine.close();
  }

  @Arbiter
  public void look(ZII_Result r) {
    time.allSaid();
    time.runKeptUntilIdle();
    r.r2 = timer.fired();
    r.r3 = engine.pending();
  }
}
