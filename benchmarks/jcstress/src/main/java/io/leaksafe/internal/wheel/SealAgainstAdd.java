package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** An entry is added to a group that is sealed and emptied at the same time. */
@State
@JCStressTest
@Outcome(id = "true, 1, 0", expect = ACCEPTABLE, desc = "It was accepted, and taken out.")
@Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(expect = FORBIDDEN, desc = "It was accepted and stays, or comes out twice.")
public class SealAgainstAdd {

  private final Wheels wheels = Plain.wheels();
  private final Group group = new Group();

  @Actor
  public void add(ZII_Result r) {
    r.r1 = wheels.add(new Plain(group), 9) != Wheels.Added.REFUSED;
  }

  @Actor
  public void seal(ZII_Result r) {
    wheels.seal(group);
    wheels.takeOut(group, entry -> r.r2++);
  }

  @Arbiter
  public void look(ZII_Result r) {
    r.r3 = wheels.count(group);
  }
}
