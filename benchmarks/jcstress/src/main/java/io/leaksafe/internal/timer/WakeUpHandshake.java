package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A timer is scheduled that is due before the one for which the timer thread is about to sleep. */
@State
@JCStressTest
@Outcome(
    id = "1",
    expect = ACCEPTABLE,
    desc = "It fired: the thread was woken, or had not gone to sleep.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "The thread sleeps over it.")
public class WakeUpHandshake {

  private static final long FAR_NANOS = 1L << 60;

  private final PermitTime time = new PermitTime();
  private final TimerEngine engine = new TimerEngine("stress", time, null, null);
  private final CountingTimer early = new CountingTimer(engine::close);

  public WakeUpHandshake() {
    engine.schedule(new CountingTimer(), FAR_NANOS);
  }

  @Actor
  public void timerThread() {
    time.runKeptUntilIdle();
  }

  @Actor
  public void schedule() {
    engine.schedule(early, time.nanoTime());
    time.allSaid();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = early.fired();
  }
}
