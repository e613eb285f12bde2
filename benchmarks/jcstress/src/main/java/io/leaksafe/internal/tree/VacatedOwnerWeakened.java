package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link VacatedOwner} without the lane's lock: each side may look before the other sees what it wrote. */
@State
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "The closed owner has left its own owner's list.")
@Outcome(
    id = "1",
    expect = FORBIDDEN,
    desc = "A closed owner without a live node is listed for ever.")
public class VacatedOwnerWeakened {

  private boolean hasNode = true;
  private boolean closed;
  private int listed = 1;

  @Actor
  public void endNode() {
    hasNode = false;
    if (closed) {
      listed = 0;
    }
  }

  @Actor
  public void endOwner() {
    closed = true;
    if (!hasNode) {
      listed = 0;
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = listed;
  }
}
