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

/** A value is leased while it leaves the map: it is closed once, and not while it is leased. */
@State
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "Closed once, and not while leased.")
@Outcome(id = "false, 1", expect = FORBIDDEN, desc = "Closed while it was leased.")
@Outcome(id = "true, 0", expect = FORBIDDEN, desc = "Never closed.")
@Outcome(id = "true, 2", expect = FORBIDDEN, desc = "Closed twice.")
@Outcome(id = "false, 2", expect = FORBIDDEN, desc = "Closed twice, once while it was leased.")
public class LeaseAgainstEviction {

  private final AtomicInteger closed = new AtomicInteger();
  private final Resource<String> resource =
      new Resource<>("name", "value", closed::incrementAndGet);

  @Actor
  public void lease(ZI_Result r) {
    r.r1 = true;
    if (resource.tryLease()) {
      r.r1 = closed.get() == 0;
      resource.release();
    }
  }

  @Actor
  public void evict() {
    resource.retire();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = closed.get();
  }
}
