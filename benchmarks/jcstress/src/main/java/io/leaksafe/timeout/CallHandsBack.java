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

/** A call is over at the moment at which its limit interrupts it: no interrupt is left on its thread, nor comes later. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "No interrupt is left over.")
@Outcome(
    id = "true",
    expect = FORBIDDEN,
    desc = "The interrupt reached whom the thread serves next.")
public class CallHandsBack {

  private static final int SPINS = 50;

  private final OwnerNode root = OwnerNode.of(CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build());
  private volatile Interrupts interrupts;
  private volatile CallLimit begun;

  @Actor
  public void call(Z_Result r) {
    Interrupts mine = Interrupts.enter();
    CallLimit call = new CallLimit(root.timers(), "call", 0, mine);
    interrupts = mine;
    begun = call;
    for (int i = 0; i < SPINS; i++) { // the body
      Thread.onSpinWait();
    }
    mine.leave(call);
    r.r1 = Thread.interrupted();
  }

  @Actor
  public void limit() {
    while (begun == null) {
      Thread.onSpinWait();
    }
    interrupts.send(begun, CallLimit.End.TIMED_OUT);
  }
}
