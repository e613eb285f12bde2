package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** The owner closes while a lease is taken and given back: it is refused, or waited for. Nothing stays open. */
@State
@JCStressTest
@Outcome(
    id = "true, 0, 0",
    expect = ACCEPTABLE,
    desc = "It had its lease, for which the close waited.")
@Outcome(
    id = "false, 0, 0",
    expect = ACCEPTABLE,
    desc = "It was refused, and what it had opened was closed.")
@Outcome(expect = FORBIDDEN, desc = "It held what was closed, or something stayed open.")
public class AcquireAgainstOwnerClose extends Resources {

  private final Scope owner = root.child("owner");
  private final SharedResource<Resource> share =
      SharedResource.in(owner, "share", this::open, this::close);

  @Actor
  public void acquire(ZII_Result r) {
    try {
      Handle<Resource> lease = acquire(share);
      r.r2 = lease.get().open ? 0 : 1;
      lease.close();
      r.r1 = true;
    } catch (ClosedScopeException refused) {
      r.r1 = false;
    }
  }

  @Actor
  public void close() {
    owner.close();
  }

  @Arbiter
  public void look(ZII_Result r) {
    r.r3 = opened.get() - closed.get();
  }
}
