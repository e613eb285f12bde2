package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** An entry passed on through a plain field, as careless code does: who finds it there can cancel it. */
@State
@JCStressTest
@Outcome(id = "cancelled", expect = ACCEPTABLE, desc = "It was found in its place.")
@Outcome(id = "absent", expect = ACCEPTABLE, desc = "It is not there yet.")
@Outcome(expect = FORBIDDEN, desc = "It is there, and does not know its place.")
public class HandleRaces {

  private final Wheels wheels = Plain.wheels();
  private Plain passedOn;

  @Actor
  public void add() {
    Plain entry = new Plain();
    wheels.add(entry, 1L << 40);
    passedOn = entry;
  }

  @Actor
  public void cancel(L_Result r) {
    Plain entry = passedOn;
    if (entry == null) {
      r.r1 = "absent";
    } else {
      r.r1 = wheels.cancel(entry) ? "cancelled" : "without its place";
    }
  }
}
