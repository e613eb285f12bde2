package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A call is interrupted from elsewhere and then by its limit, at about its end: the interrupt from elsewhere is there. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The interrupt from elsewhere is kept.")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "The limit took the interrupt of somebody else back.")
public class InterruptFromElsewhere {

  private final OwnerNode root = OwnerNode.of(CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build());
  private volatile Interrupts interrupts;
  private volatile CallLimit begun;
  private volatile Thread thread;
  private volatile boolean fromElsewhere;

  @Actor
  public void call(Z_Result r) {
    Interrupts mine = Interrupts.enter();
    CallLimit call = new CallLimit(root.timers(), "call", 0, mine);
    interrupts = mine;
    thread = Thread.currentThread();
    begun = call;
    while (!fromElsewhere) { // the body
      Thread.onSpinWait();
    }
    mine.leave(call);
    r.r1 = Thread.interrupted();
  }

  @Actor
  public void elsewhereAndThenLimit() {
    while (begun == null) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    fromElsewhere = true;
    interrupts.send(begun, CallLimit.End.TIMED_OUT);
  }
}
