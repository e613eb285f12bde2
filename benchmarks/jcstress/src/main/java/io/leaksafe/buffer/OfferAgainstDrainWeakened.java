package io.leaksafe.buffer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link OfferAgainstDrain} with a drain that copies first and clears then, each under the lock. */
@State
@JCStressTest
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "It came before the drain.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It came after the drain.")
@Outcome(expect = FORBIDDEN, desc = "It was lost, or is there twice.")
public class OfferAgainstDrainWeakened {

  private final BoundedBuffer<Integer> buffer = BoundedBuffer.rejecting(4);

  public OfferAgainstDrainWeakened() {
    buffer.offer(1);
  }

  @Actor
  public void offer() {
    buffer.offer(2);
  }

  @Actor
  public void drain(II_Result r) {
    List<Integer> copy = buffer.snapshot();
    while (buffer.poll() != null) {
      // until it is empty
    }
    r.r1 = copy.size();
  }

  @Arbiter
  public void look(II_Result r) {
    r.r2 = buffer.snapshot().size();
  }
}
