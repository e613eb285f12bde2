package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A key among many of its hash code gets a value of another weight, and so a new cell, while it is looked up: it is found.
 */
@State
@JCStressTest
@Outcome(id = "old", expect = ACCEPTABLE, desc = "The value before.")
@Outcome(id = "new", expect = ACCEPTABLE, desc = "The value after.")
@Outcome(id = "null", expect = FORBIDDEN, desc = "A key that is there all the time was not found.")
public class GetAgainstRelinkInCrowd {

  private final Store store = Stores.crowd();

  @Actor
  public void put() {
    store.put(Stores.LAST_OF_CROWD, "new", false, null, 2);
  }

  @Actor
  public void get(L_Result r) {
    r.r1 = store.read(Stores.LAST_OF_CROWD);
  }
}
