package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** One thread waits for a condition of its root while another makes it true: it does not sleep over that. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The waiter saw it, asleep or awake.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "The waiter sleeps for ever.")
public class WaiterWakeUp {

  private final PermitTime time = new PermitTime();
  private final Root root = BareOwner.newRoot(time);
  private volatile boolean done;

  @Actor
  public void await(Z_Result r) {
    try {
      r.r1 = root.awaitSignal(() -> done, null);
    } catch (PermitTime.SleptOver lost) {
      r.r1 = false;
    }
  }

  @Actor
  public void signal() {
    done = true;
    root.wakeWaiters();
    time.allSaid();
  }
}
