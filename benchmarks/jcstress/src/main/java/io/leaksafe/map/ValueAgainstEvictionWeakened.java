package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** {@link ValueAgainstEviction} with an eviction that looks at the value and then takes it away. */
@State
@JCStressTest
@Outcome(id = "true, new", expect = ACCEPTABLE, desc = "The new value was put, and evicted.")
@Outcome(
    id = "false, old",
    expect = ACCEPTABLE,
    desc = "The old value was evicted, and nothing overwritten.")
@Outcome(id = "true, old", expect = FORBIDDEN, desc = "The new value is lost, and nobody was told.")
@Outcome(id = "false, new", expect = FORBIDDEN, desc = "A value was evicted that was never put.")
public class ValueAgainstEvictionWeakened {

  private final Cell cell = new Cell(1, "key", "old");

  @Actor
  public void put(ZL_Result r) {
    r.r1 = cell.replace("old", "new");
  }

  @Actor
  public void evict(ZL_Result r) {
    r.r2 = cell.value;
    cell.killQuietly();
  }
}
