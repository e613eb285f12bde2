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

/** {@link CursorGoesOnOnce} with a look at the phase and a change of it that are two steps, not one under the run's lock. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "One of the two went on.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "Both went on.")
public class CursorGoesOnOnceWeakened {

  private final AtomicInteger goneOn = new AtomicInteger();
  private volatile Step.Phase phase = Step.Phase.INTERRUPTED;

  @Actor
  public void close() {
    if (phase != Step.Phase.GIVEN_UP) {
      phase = Step.Phase.OVER;
      goneOn.incrementAndGet();
    }
  }

  @Actor
  public void watch() {
    if (phase != Step.Phase.OVER) {
      phase = Step.Phase.GIVEN_UP;
      goneOn.incrementAndGet();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = goneOn.get();
  }
}
