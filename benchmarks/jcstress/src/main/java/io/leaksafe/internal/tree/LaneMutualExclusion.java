package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A lane's lock: one thread adds a node while another adds one and removes the one that stood there. */
@State
@JCStressTest
@Outcome(
    id = "2, 2, 2",
    expect = ACCEPTABLE,
    desc = "Both added nodes stand in one chain, and are counted.")
@Outcome(expect = FORBIDDEN, desc = "A node was lost, or its count.")
public class LaneMutualExclusion {

  private final Lane lane = new Lane(new BareOwner());
  private final Node there = BareOwner.handle("there");
  private final Node mine = BareOwner.handle("mine");
  private final Node yours = BareOwner.handle("yours");

  public LaneMutualExclusion() {
    lane.add(there);
  }

  @Actor
  public void add() {
    lane.lock();
    lane.add(mine);
    lane.unlock();
  }

  @Actor
  public void addAndRemove() {
    lane.lock();
    lane.add(yours);
    lane.unlock();
    lane.lock();
    lane.remove(there);
    lane.unlock();
  }

  @Arbiter
  public void look(III_Result r) {
    r.r1 = Chain.fromNewest(lane);
    r.r2 = Chain.fromOldest(lane);
    r.r3 = lane.live();
  }
}
