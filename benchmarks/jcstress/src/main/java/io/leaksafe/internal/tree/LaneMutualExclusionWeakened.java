package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** {@link LaneMutualExclusion} without the lock. */
@State
@JCStressTest
@Outcome(
    id = "2, 2, 2",
    expect = ACCEPTABLE,
    desc = "Both added nodes stand in one chain, and are counted.")
@Outcome(expect = FORBIDDEN, desc = "A node was lost, or its count.")
public class LaneMutualExclusionWeakened {

  private final Lane lane = new Lane(new BareOwner());
  private final Node there = BareOwner.handle("there");
  private final Node mine = BareOwner.handle("mine");
  private final Node yours = BareOwner.handle("yours");

  public LaneMutualExclusionWeakened() {
    lane.add(there);
  }

  @Actor
  public void add() {
    lane.add(mine);
  }

  @Actor
  public void addAndRemove() {
    lane.add(yours);
    lane.remove(there);
  }

  @Arbiter
  public void look(III_Result r) {
    r.r1 = Chain.fromNewest(lane);
    r.r2 = Chain.fromOldest(lane);
    r.r3 = lane.live();
  }
}
