package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A handle moves to another scope while its own one closes: it moves and stays open, or it stays and is closed. */
@State
@JCStressTest
@Outcome(
    id = "true, false, 1",
    expect = ACCEPTABLE,
    desc = "It moved, and lives on in its new scope.")
@Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "It stayed, and was closed there.")
@Outcome(
    id = "true, true, 0",
    expect = FORBIDDEN,
    desc = "It moved, and the scope it had left closed it.")
@Outcome(
    expect = FORBIDDEN,
    desc = "It did not move and was not closed, or is listed in the wrong scope.")
public class AdoptAgainstClose {

  private final CleanupManager root = Roots.open(new StressTime());
  private final Scope from = root.child("from");
  private final Scope to = root.child("to");
  private final Handle<Action> handle = from.defer("handle", () -> closed = true);
  private volatile boolean closed;

  @Actor
  public void adopt(ZZI_Result r) {
    try {
      r.r1 = to.adopt(handle) == handle;
    } catch (ClosedScopeException refused) {
      r.r1 = false;
    }
  }

  @Actor
  public void close() {
    from.close();
  }

  @Arbiter
  public void look(ZZI_Result r) {
    r.r2 = closed;
    r.r3 = to.handles().size();
  }
}
