package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two compute the value of one key at the same time: one does, and the other, if it waits, is woken. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both have the one value.")
@Outcome(expect = FORBIDDEN, desc = "One waits for ever, or has none.")
public class WaitAgainstEnd {

  private final PermitTime time = new PermitTime();
  private final OwnedMap<String, String> map = new OwnedMap<>(Stores.of(time), null);

  @Actor
  public void first(ZZ_Result r) {
    r.r1 = compute();
  }

  @Actor
  public void second(ZZ_Result r) {
    r.r2 = compute();
  }

  private boolean compute() {
    try {
      return "value".equals(map.computeIfAbsent("key", key -> "value"));
    } catch (PermitTime.SleptOver lost) {
      return false;
    } finally {
      time.allSaid();
    }
  }
}
