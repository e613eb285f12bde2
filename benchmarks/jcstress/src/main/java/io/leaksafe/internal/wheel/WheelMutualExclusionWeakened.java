package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** {@link WheelMutualExclusion} without the lock. */
@State
@JCStressTest
@Outcome(
    id = "2, 2, 2, 2",
    expect = ACCEPTABLE,
    desc = "Both added entries stand in one slot and in one group, and are counted.")
@Outcome(expect = FORBIDDEN, desc = "An entry was lost, or its slot, or its count.")
public class WheelMutualExclusionWeakened {

  private static final int TICK = 5;

  private final Stripe stripe = new Stripe.Apart(0, new Ticks(0, 0), 512, 4);
  private final Plain there = new Plain();
  private final Plain mine = new Plain();
  private final Plain yours = new Plain();

  public WheelMutualExclusionWeakened() {
    there.due(TICK);
    mine.due(TICK);
    yours.due(TICK);
    stripe.add(there, null);
  }

  @Actor
  public void add() {
    stripe.add(mine, null);
  }

  @Actor
  public void addAndRemove() {
    stripe.add(yours, null);
    stripe.remove(there.place(), there);
  }

  @Arbiter
  public void look(IIII_Result r) {
    r.r1 = Plain.ring(stripe.slab, TICK, Slab.NEXT);
    r.r2 = Plain.ring(stripe.slab, TICK, Slab.PREV);
    r.r3 = Plain.ring(stripe.slab, stripe.ungrouped, Slab.GROUP_NEXT);
    r.r4 = stripe.count();
  }
}
