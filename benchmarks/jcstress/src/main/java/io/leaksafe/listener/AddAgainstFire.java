package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A listener is added while another thread fires: it is called, and sees what its adder did before, or it is not. */
@State
@JCStressTest
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "The fire began before it was there.")
@Outcome(
    id = "true, 7",
    expect = ACCEPTABLE,
    desc = "It was called and saw what its adder had done.")
@Outcome(
    expect = FORBIDDEN,
    desc = "It was called too early, or the fire failed over an empty slot.")
public class AddAgainstFire {

  private final ListenerRegistry<Runnable> events =
      ListenerRegistry.in(Told.root(new StressTime()), "events");
  private int done;
  private boolean called;
  private int saw;

  @Actor
  public void add() {
    done = 7;
    events.add(() -> {
      called = true;
      saw = done;
    });
  }

  @Actor
  public void fire(ZI_Result r) {
    try {
      events.fire(Runnable::run);
      r.r1 = called;
      r.r2 = saw;
    } catch (RuntimeException emptySlot) {
      r.r2 = -1;
    }
  }
}
