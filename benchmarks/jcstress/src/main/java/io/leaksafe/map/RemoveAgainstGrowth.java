package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A key is removed while the table doubles: it is gone, and nothing else is. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "It is gone, and the chains are sound.")
@Outcome(id = "false, true", expect = FORBIDDEN, desc = "It is still there.")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "Something else is lost, or a dead cell is linked.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "It is still there, and more is wrong.")
public class RemoveAgainstGrowth {

  private static final List<Integer> KEYS = Stores.crowded(13);

  private final Store store = Stores.of(1_000, Eviction.OLDEST);

  public RemoveAgainstGrowth() {
    KEYS.subList(0, 12).forEach(key -> Stores.put(store, key, key));
  }

  @Actor
  public void grow() {
    Stores.put(store, KEYS.get(12), 0);
  }

  @Actor
  public void remove() {
    store.remove(KEYS.get(6));
  }

  @Arbiter
  public void look(ZZ_Result r) {
    r.r1 = store.read(KEYS.get(6)) == null;
    r.r2 = Stores.isSound(store) && store.size() == 12;
  }
}
