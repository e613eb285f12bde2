package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link LoadAgainstRemove} with a removal that does not look for what is being computed. */
@State
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing is there.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "What is there is up to date.")
@Outcome(id = "1", expect = FORBIDDEN, desc = "What is there is out of date, and stays so.")
public class LoadAgainstRemoveWeakened {

  private final Store store = Stores.of(10, Eviction.OLDEST);
  private final Computations computations = new Computations(store);
  private volatile int source = 1;

  @Actor
  public void load() {
    Computations.Begun begun = computations.begin("key", true);
    int loaded = source;
    computations.end(begun.mine(), "key", null, loaded, 1);
  }

  @Actor
  public void change() {
    source = 2;
    int hash = Table.spread("key".hashCode());
    Shard shard = store.lock(hash);
    Cell present = store.find(hash, "key");
    if (present != null) {
      store.takeOut(shard, present, RemovalCause.REMOVED);
    }
    store.unlock(shard);
  }

  @Arbiter
  public void look(I_Result r) {
    Object cached = store.look("key");
    r.r1 = cached == null ? 0 : (int) cached;
  }
}
