package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** An entry leaves while an earlier one of its key is being told of: it is told of after that, by one or the other. */
@State
@JCStressTest
@Outcome(id = "first second", expect = ACCEPTABLE, desc = "Both are told of, in order.")
@Outcome(expect = FORBIDDEN, desc = "One is forgotten, or out of order.")
public class RemovalFollows {

  private final Queue<Object> told = new ConcurrentLinkedQueue<>();
  private final Removals removals =
      new Removals((key, value, cause) -> told.add(value), () -> "map", task -> false, 100);
  private final Removal first = removals.note(1, "key", "first", RemovalCause.REMOVED);

  @Actor
  public void tell() {
    first.run();
  }

  @Actor
  public void remove() {
    Removals.tellAll(removals.note(1, "key", "second", RemovalCause.REMOVED));
  }

  @Arbiter
  public void look(L_Result r) {
    r.r1 = String.join(" ", told.stream().map(Object::toString).toList());
  }
}
