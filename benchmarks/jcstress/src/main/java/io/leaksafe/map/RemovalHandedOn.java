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

/** A thread hands the rest of a key on to a worker, who never comes, while the map closes: the closer tells of it, or the thread. */
@State
@JCStressTest
@Outcome(id = "66", expect = ACCEPTABLE, desc = "All are told of, once and in order.")
@Outcome(
    expect = FORBIDDEN,
    desc = "One is left to a worker that never comes, or told of twice or too early.")
public class RemovalHandedOn {

  private static final int ALL = Removals.IN_A_ROW + 2;

  /** How many have been told of, each when it was its turn. */
  private final AtomicInteger told = new AtomicInteger();

  private final Removals removals = new Removals(
      (key, value, cause) -> told.compareAndSet((int) value, (int) value + 1),
      () -> "map",
      task -> true,
      ALL);
  private final Removal first = removals.note(1, "key", 0, RemovalCause.REMOVED);

  public RemovalHandedOn() {
    for (int i = 1; i < ALL; i++) {
      Removals.tellAll(removals.note(1, "key", i, RemovalCause.REMOVED));
    }
  }

  @Actor
  public void tell() {
    first.run();
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
