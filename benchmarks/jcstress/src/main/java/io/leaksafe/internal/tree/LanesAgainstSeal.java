package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * An owner gets more lanes while its close begins: whoever closes the first lane sees all lanes there will ever be.
 *
 * <p>An opener that finds the first lane locked, and is not among the first to, asks for more lanes; so the close looks at
 * the list first, which holds that lock for a while, and the meetings before this one are made up.
 */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "It was added, and the close found it.")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "It was added to a lane that the close did not see.")
@Outcome(
    id = "false, true",
    expect = FORBIDDEN,
    desc = "It was refused and yet will be closed by the scope.")
public class LanesAgainstSeal {

  private static final int THERE = 12;

  private final BareOwner owner = new BareOwner();
  private final Node node = BareOwner.handle("late");

  public LanesAgainstSeal() {
    for (int i = 0; i < THERE; i++) {
      owner.add(BareOwner.handle("there"));
    }
    owner.meetings = OwnerNode.BUSY - 1;
  }

  @Actor
  public void open(ZZ_Result r) {
    r.r1 = owner.add(node);
  }

  @Actor
  public void lookAndClose(ZZ_Result r) {
    owner.inClosingOrder();
    r.r2 = owner.seal().contains(node);
  }
}
