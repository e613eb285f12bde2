package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link PutAgainstExpiry} with a deadline that is written after the value. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The new value is there.")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "The new value has expired with the time of the old one.")
public class PutAgainstExpiryWeakened {

  private static final long TICK = 1 << 20;

  private final StressTime time = new StressTime();
  private final Store store = Stores.expiring(time, TICK);
  private boolean replaced;

  public PutAgainstExpiryWeakened() {
    Stores.put(store, "key", "old");
    time.set(TICK - 1);
  }

  @Actor
  public void put() {
    Cell cell = store.find(Table.spread("key".hashCode()), "key");
    replaced = cell != null && cell.replace("old", "new");
    if (replaced) {
      Expiry.write(cell, new TimedCell(cell.hash, "key", "new", 2 * TICK - 1));
    }
  }

  @Actor
  public void expire() {
    store.lookAtAll(TICK);
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = !replaced || "new".equals(store.look("key"));
  }
}
