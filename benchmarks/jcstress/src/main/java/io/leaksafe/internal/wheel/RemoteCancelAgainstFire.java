package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** An entry is cancelled by a thread of another stripe at the moment it is due: it fires, or the cancel says that it will not. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It was cancelled, and does not fire.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "It fires, and the cancel came too late.")
@Outcome(id = "true, 1", expect = FORBIDDEN, desc = "It fires though it was cancelled.")
@Outcome(id = "false, 0", expect = FORBIDDEN, desc = "It is neither cancelled nor fired.")
public class RemoteCancelAgainstFire {

  private final Wheels wheels = Plain.wheels();
  private final Plain entry = new Plain();
  private final Due due = new Due(1);

  public RemoteCancelAgainstFire() {
    wheels.add(entry, 0);
    Plain.home(wheels, 1);
  }

  @Actor
  public void timerThread() {
    wheels.takeDue(0, due);
  }

  @Actor
  public void cancel(ZI_Result r) {
    r.r1 = wheels.cancel(entry);
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = due.size();
  }
}
