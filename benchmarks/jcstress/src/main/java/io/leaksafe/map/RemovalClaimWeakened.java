package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link RemovalClaim} with a claim that looks, and then says that it is taken. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Told of once.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Never told of.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "Told of twice.")
public class RemovalClaimWeakened {

  private final AtomicInteger told = new AtomicInteger();
  private volatile boolean claimed;

  @Actor
  public void worker() {
    run();
  }

  @Actor
  public void close() {
    run();
  }

  private void run() {
    if (!claimed) {
      claimed = true;
      told.incrementAndGet();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = told.get();
  }
}
