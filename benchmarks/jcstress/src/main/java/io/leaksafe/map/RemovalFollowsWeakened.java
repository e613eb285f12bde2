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

/** {@link RemovalFollows} with a teller that looks for a follower and then says that it is done, in two steps. */
@State
@JCStressTest
@Outcome(id = "first second", expect = ACCEPTABLE, desc = "Both are told of, in order.")
@Outcome(expect = FORBIDDEN, desc = "One is forgotten, or out of order.")
public class RemovalFollowsWeakened {

  private final Queue<Object> told = new ConcurrentLinkedQueue<>();
  private volatile boolean underWay = true;
  private volatile Object following;

  @Actor
  public void tell() {
    told.add("first");
    Object next = following;
    if (next != null) {
      told.add(next);
    }
    underWay = false;
  }

  @Actor
  public void remove() {
    if (underWay) {
      following = "second";
    } else {
      told.add("second");
    }
  }

  @Arbiter
  public void look(L_Result r) {
    r.r1 = String.join(" ", told.stream().map(Object::toString).toList());
  }
}
