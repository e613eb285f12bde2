package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link CloseClaimOnce} with a claim that looks at the phase and changes it without the lane's lock. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "One ran the closer.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "Both ran the closer.")
public class CloseClaimOnceWeakened {

  private final AtomicInteger closed = new AtomicInteger();
  private volatile boolean live = true;

  @Actor
  public void closeHere() {
    close();
  }

  @Actor
  public void closeThere() {
    close();
  }

  private void close() {
    if (live) {
      live = false;
      closed.incrementAndGet();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = closed.get();
  }
}
