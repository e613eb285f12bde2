package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link WaiterWakeUp} with a waiter that looks first and notes that it waits afterwards. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The waiter saw it, asleep or awake.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "The waiter sleeps for ever.")
public class WaiterWakeUpWeakened {

  private final PermitTime time = new PermitTime();
  private volatile Thread waiter;
  private volatile boolean done;

  @Actor
  public void await(Z_Result r) {
    try {
      if (!done) {
        waiter = Thread.currentThread();
        time.park(this, Long.MAX_VALUE);
      }
      r.r1 = true;
    } catch (PermitTime.SleptOver lost) {
      r.r1 = false;
    }
  }

  @Actor
  public void signal() {
    done = true;
    Thread asleep = waiter;
    if (asleep != null) {
      time.unpark(asleep);
    }
    time.allSaid();
  }
}
