package io.leaksafe.retry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** {@link RetryEndsAgainstNext} with a run that looks whether it is over and then notes its wait, in two steps. */
@State
@JCStressTest
@Outcome(id = "nothing left", expect = ACCEPTABLE, desc = "Nothing is pending.")
@Outcome(expect = FORBIDDEN, desc = "A wait goes on for a run that is over.")
public class RetryEndsAgainstNextWeakened {

  private volatile boolean over;
  private volatile boolean noted;
  private volatile boolean pending;

  @Actor
  public void fail() {
    if (!over) {
      pending = true;
      noted = true;
    }
  }

  @Actor
  public void cancel() {
    over = true;
    if (noted) {
      pending = false;
    }
  }

  @Arbiter
  public void look(L_Result r) {
    r.r1 = pending ? "something left" : "nothing left";
  }
}
