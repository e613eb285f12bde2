package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link LanesAgainstSeal} with the lanes read before the first one is closed, not after. */
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
public class LanesAgainstSealWeakened {

  private final BareOwner owner = new BareOwner();
  private final Node node = BareOwner.handle("late");
  private final Lane first = new Lane(owner);
  private volatile Lane more;

  @Actor
  public void open(ZZ_Result r) {
    Lane fresh = new Lane(owner);
    first.lock();
    boolean opens = !first.isClosed();
    if (opens) {
      more = fresh;
    }
    first.unlock();
    r.r1 = add(opens ? fresh : first);
  }

  private boolean add(Lane lane) {
    lane.lock();
    boolean added = lane.add(node);
    lane.unlock();
    return added;
  }

  @Actor
  public void close(ZZ_Result r) {
    Lane seen = more;
    boolean found = closeAndLook(first);
    r.r2 = seen != null && closeAndLook(seen) || found;
  }

  private boolean closeAndLook(Lane lane) {
    lane.lock();
    lane.close();
    boolean found = Chain.has(lane, node);
    lane.unlock();
    return found;
  }
}
