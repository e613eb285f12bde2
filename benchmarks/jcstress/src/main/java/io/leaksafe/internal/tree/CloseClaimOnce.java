package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two threads close one handle: one of them runs the closer, the other is counted and does nothing. */
@State
@JCStressTest
@Outcome(
    id = "1, 1, 0",
    expect = ACCEPTABLE,
    desc = "One ran the closer, the other was one too many, nothing is left.")
@Outcome(expect = FORBIDDEN, desc = "The closer ran twice or never, or the handle is still listed.")
public class CloseClaimOnce {

  private final AtomicInteger closed = new AtomicInteger();
  private final BareOwner owner = new BareOwner();
  private final HandleNode<Object> handle =
      BareOwner.handle("handle", resource -> closed.incrementAndGet());

  public CloseClaimOnce() {
    owner.add(handle);
  }

  @Actor
  public void closeHere() {
    handle.close();
  }

  @Actor
  public void closeThere() {
    handle.close();
  }

  @Arbiter
  public void look(III_Result r) {
    r.r1 = closed.get();
    r.r2 = handle.surplusCloses();
    r.r3 = owner.size();
  }
}
