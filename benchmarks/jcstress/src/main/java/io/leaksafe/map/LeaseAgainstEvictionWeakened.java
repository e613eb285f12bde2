package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link LeaseAgainstEviction} with a lease that looks and then counts. */
@State
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "Closed once, and not while leased.")
@Outcome(id = "false, 1", expect = FORBIDDEN, desc = "Closed while it was leased.")
@Outcome(id = "true, 0", expect = FORBIDDEN, desc = "Never closed.")
@Outcome(id = "true, 2", expect = FORBIDDEN, desc = "Closed twice.")
@Outcome(id = "false, 2", expect = FORBIDDEN, desc = "Closed twice, once while it was leased.")
public class LeaseAgainstEvictionWeakened {

  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger leases = new AtomicInteger();
  private volatile boolean retired;

  @Actor
  public void lease(ZI_Result r) {
    r.r1 = true;
    if (!retired) {
      leases.incrementAndGet();
      r.r1 = closed.get() == 0;
      if (leases.decrementAndGet() == 0 && retired) {
        closed.incrementAndGet();
      }
    }
  }

  @Actor
  public void evict() {
    retired = true;
    if (leases.get() == 0) {
      closed.incrementAndGet();
    }
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = closed.get();
  }
}
