package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.internal.check.Check;
import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link ReadAgainstOverwrite} with a reader that sets the deadline first, and then says so. */
@State
@JCStressTest
@Outcome(
    id = "true",
    expect = ACCEPTABLE,
    desc = "The deadline is the read's, or the next read looks at it.")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "Further reads take the put's deadline for one that a read has moved on.")
public class ReadAgainstOverwriteWeakened {

  private static final long IDLE = 64L << 20;

  private final StressTime time = new StressTime();
  private final Store store = Stores.expiringUnread(time, IDLE);

  public ReadAgainstOverwriteWeakened() {
    Stores.put(store, "key", "old");
    time.set(1);
  }

  @Actor
  public void read() {
    TimedCell cell = cell();
    cell.deadline = IDLE + (1L << 20);
    cell.seen = 1;
  }

  @Actor
  public void put() {
    TimedCell cell = cell();
    Expiry.write(cell, new TimedCell(cell.hash, "key", "new", 1 + IDLE));
  }

  @Arbiter
  public void look(Z_Result r) {
    TimedCell cell = cell();
    r.r1 = cell.seen == 0 || cell.deadline > 1 + IDLE;
  }

  private TimedCell cell() {
    return (TimedCell) Check.notNull(store.find(Table.spread("key".hashCode()), "key"), "cell");
  }
}
