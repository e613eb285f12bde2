package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The last node of an owner ends while the owner's close ends: one of the two takes the owner out of its list. */
@State
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "The closed owner has left its own owner's list.")
@Outcome(
    id = "1",
    expect = FORBIDDEN,
    desc = "A closed owner without a live node is listed for ever.")
public class VacatedOwner {

  private final BareOwner above = new BareOwner();
  private final BareOwner owner = above.branch();
  private final HandleNode<Object> last = BareOwner.handle("last");

  public VacatedOwner() {
    owner.add(last);
    owner.claim();
    owner.seal();
    last.claim();
  }

  @Actor
  public void endNode() {
    last.over();
  }

  @Actor
  public void endOwner() {
    owner.endedOwner();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = above.size();
  }
}
