package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * A scope adds a listener while the registry closes: it is refused, or it is removed with the rest. In both cases nothing of it
 * is left in the scope, which stays open.
 */
@State
@JCStressTest
@Outcome(
    id = "true, 0",
    expect = ACCEPTABLE,
    desc = "It came in time, and was removed by the close.")
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "It came too late, and was refused.")
@Outcome(expect = FORBIDDEN, desc = "Neither saw the other, and its handle stayed in the scope.")
public class AddAgainstRegistryClose {

  private final CleanupManager root = Told.root(new StressTime());
  private final Scope publisher = root.child("publisher");
  private final Scope session = root.child("session");
  private final ListenerRegistry<Runnable> events = ListenerRegistry.in(publisher, "events");

  @Actor
  public void add(ZI_Result r) {
    try {
      events.add(session, () -> {});
      r.r1 = true;
    } catch (ClosedScopeException refused) {
      r.r1 = false;
    }
  }

  @Actor
  public void close() {
    publisher.close();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = session.handles().size() + events.size();
  }
}
