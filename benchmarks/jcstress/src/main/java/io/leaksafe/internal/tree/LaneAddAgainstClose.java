package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Opening in a scope whose close begins: the close finds what was opened, or the opener is refused. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "It was added, and the close found it.")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "It was added and will never be closed.")
@Outcome(
    id = "false, true",
    expect = FORBIDDEN,
    desc = "It was refused and yet will be closed by the scope.")
public class LaneAddAgainstClose {

  private final BareOwner owner = new BareOwner();
  private final Node node = BareOwner.handle("late");

  @Actor
  public void open(ZZ_Result r) {
    r.r1 = owner.add(node);
  }

  @Actor
  public void close(ZZ_Result r) {
    r.r2 = owner.seal().contains(node);
  }
}
