package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.internal.wheel.Wheels;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link ScheduleAgainstClose} with the look at the phase outside the lock that guards the wheel. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It was accepted, and dropped by the close.")
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(id = "true, 1", expect = FORBIDDEN, desc = "It was accepted and stays pending for ever.")
public class ScheduleAgainstCloseWeakened {

  private final Wheels wheels = Wheels.exact(0);
  private final CountingTimer timer = new CountingTimer();
  private volatile boolean closed;

  @Actor
  public void schedule(ZI_Result r) {
    r.r1 = !closed;
    if (r.r1) {
      wheels.add(timer, 0);
    }
  }

  @Actor
  public void close() {
    closed = true;
    wheels.disarm(timer);
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = wheels.count();
  }
}
