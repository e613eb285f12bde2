package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link LastLeaseAgainstAcquire} with a count of its own and the state looked at in another step. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It came in time, and nothing was closed.")
@Outcome(
    id = "true, 1",
    expect = ACCEPTABLE,
    desc = "It waited for the close, and opened a new one.")
@Outcome(expect = FORBIDDEN, desc = "It holds what was closed.")
public class LastLeaseAgainstAcquireWeakened extends Resources {

  private final AtomicInteger leases = new AtomicInteger(1);
  private volatile Resource shared = open();
  private Resource mine = shared;

  @Actor
  public void close() {
    if (leases.decrementAndGet() == 0) {
      close(shared);
    }
  }

  @Actor
  public void acquire() {
    if (!shared.open) {
      shared = open();
    }
    leases.incrementAndGet();
    mine = shared;
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r1 = mine.open && opened.get() - closed.get() == 1;
    r.r2 = closed.get();
  }
}
