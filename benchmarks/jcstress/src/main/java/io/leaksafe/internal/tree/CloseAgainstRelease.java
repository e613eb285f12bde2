package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.ClosedScopeException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** One thread closes a handle, another takes the resource back: exactly one of them has it in the end. */
@State
@JCStressTest
@Outcome(
    id = "true, false, 0",
    expect = ACCEPTABLE,
    desc = "It was closed, and the release was refused.")
@Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "It was released, and not closed.")
@Outcome(
    id = "true, true, 0",
    expect = FORBIDDEN,
    desc = "It was given back to somebody and closed in his hands.")
@Outcome(expect = FORBIDDEN, desc = "Neither closed nor released, or still listed.")
public class CloseAgainstRelease {

  private volatile boolean closed;
  private final BareOwner owner = new BareOwner();
  private final HandleNode<Object> handle = BareOwner.handle("handle", resource -> closed = true);

  public CloseAgainstRelease() {
    owner.add(handle);
  }

  @Actor
  public void close() {
    handle.close();
  }

  @Actor
  public void release(ZZI_Result r) {
    try {
      r.r2 = handle.release() != null;
    } catch (ClosedScopeException refused) {
      r.r2 = false;
    }
  }

  @Arbiter
  public void look(ZZI_Result r) {
    r.r1 = closed;
    r.r3 = owner.size();
  }
}
