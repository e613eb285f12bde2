package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link GetAgainstGrowth} with a reader that does not look again when it has found nothing. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The key is found.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "A key that is there all the time is missed.")
public class GetAgainstGrowthWeakened {

  private static final List<Integer> KEYS = Stores.crowded(13);

  private final Store store = Stores.of(1_000, Eviction.OLDEST);

  public GetAgainstGrowthWeakened() {
    KEYS.subList(0, 12).forEach(key -> Stores.put(store, key, key));
  }

  @Actor
  public void grow() {
    Stores.put(store, KEYS.get(12), 0);
  }

  @Actor
  public void read(Z_Result r) {
    r.r1 = walkOnce(KEYS.get(11));
  }

  private boolean walkOnce(Integer key) {
    int hash = Table.spread(key.hashCode());
    for (Cell cell = Table.first(store.cells, hash); cell != null; cell = cell.next) {
      if (cell.hash == hash && cell.key.equals(key) && cell.value != null) {
        return true;
      }
    }
    return false;
  }
}
