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

/** A worker begins to tell of an entry while the close takes over what workers have not begun: it is told of once. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Told of once.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Never told of.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "Told of twice.")
public class RemovalClaim {

  private final AtomicInteger told = new AtomicInteger();
  private final Removals removals =
      new Removals((key, value, cause) -> told.incrementAndGet(), () -> "map", task -> true, 100);
  private final Removal removal = removals.note(1, "key", "value", RemovalCause.EXPIRED);

  @Actor
  public void worker() {
    removal.run();
  }

  @Actor
  public void close() {
    removals.takeOver();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = told.get();
  }
}
