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

/** {@link RemoveAgainstGrowth} with a removal that takes no lock. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "It is gone, and the chains are sound.")
@Outcome(id = "false, true", expect = FORBIDDEN, desc = "It is still there.")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "Something else is lost, or a dead cell is linked.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "It is still there, and more is wrong.")
public class RemoveAgainstGrowthWeakened {

  private static final List<Integer> KEYS = Stores.crowded(13);

  private final Store store = Stores.of(1_000, Eviction.OLDEST);

  public RemoveAgainstGrowthWeakened() {
    KEYS.subList(0, 12).forEach(key -> Stores.put(store, key, key));
  }

  @Actor
  public void grow() {
    Stores.put(store, KEYS.get(12), 0);
  }

  @Actor
  public void remove() {
    Cell cell = store.find(Table.spread(KEYS.get(6).hashCode()), KEYS.get(6));
    cell.kill();
    try {
      store.cut(cell);
      store.of(cell.hash).counts(-1, -1);
    } catch (AssertionError elsewhere) {
      // its chain has been split: it stays linked
    }
  }

  @Arbiter
  public void look(ZZ_Result r) {
    r.r1 = store.look(KEYS.get(0)) != null;
    r.r2 = Stores.isSound(store) && store.size() == 12;
  }
}
