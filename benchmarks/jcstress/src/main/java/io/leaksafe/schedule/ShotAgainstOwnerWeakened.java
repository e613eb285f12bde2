package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** {@link ShotAgainstOwner} with a worker that looks whether the scope is closed, and enters its run there, in two steps. */
@State
@JCStressTest
@Outcome(id = "has not begun, false", expect = ACCEPTABLE, desc = "The task never runs.")
@Outcome(id = "has ended, true", expect = ACCEPTABLE, desc = "The close came back after the task.")
@Outcome(
    id = "is running, true",
    expect = FORBIDDEN,
    desc = "The close came back while the task was running.")
@Outcome(id = "has not begun, true", expect = FORBIDDEN, desc = "The task ran after the close.")
public class ShotAgainstOwnerWeakened {

  private final LooksFirst task = new LooksFirst();

  @Actor
  public void worker() {
    task.worker();
  }

  @Actor
  public void close(LZ_Result r) {
    r.r1 = task.close();
  }

  @Arbiter
  public void look(LZ_Result r) {
    r.r2 = task.hasBegun();
  }
}
