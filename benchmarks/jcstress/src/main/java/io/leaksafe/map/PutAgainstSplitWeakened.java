package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link PutAgainstSplit} with a writer that does not look whether the shard is dead. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "All that is linked is counted.")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "An entry was counted where nobody looks any more.")
public class PutAgainstSplitWeakened {

  private final Store store = Stores.of(1_024, Eviction.OLDEST);

  public PutAgainstSplitWeakened() {
    for (int i = 0; i < 48; i++) {
      Stores.put(store, i, i);
    }
  }

  @Actor
  public void grow() {
    Stores.put(store, 48, 0);
  }

  @Actor
  public void put() {
    Cell fresh = store.newCell(Table.spread(49), 49, 0, 1, null, true);
    store.bound.enter(fresh, null);
    Shard shard = store.of(fresh.hash);
    shard.lock();
    store.linkFresh(shard, fresh);
    shard.unlock();
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = store.count() > 1 && Stores.isSound(store) && store.size() == 50;
  }
}
