package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ShutdownByTwo} with the run set without a compare. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "One run.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "Two runs.")
public class ShutdownByTwoWeakened {

  private final AtomicInteger runs = new AtomicInteger();
  private volatile Object run;

  @Actor
  public void shutDownHere() {
    shutDown();
  }

  @Actor
  public void shutDownThere() {
    shutDown();
  }

  private void shutDown() {
    if (run == null) {
      run = new Object();
      runs.incrementAndGet();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = runs.get();
  }
}
