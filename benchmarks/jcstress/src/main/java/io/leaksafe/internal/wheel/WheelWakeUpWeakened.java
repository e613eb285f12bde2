package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link WheelWakeUp} without the fences: whoever adds reads before its own write is seen, as any processor may do then. */
@State
@JCStressTest
@Outcome(
    id = "true, true",
    expect = ACCEPTABLE,
    desc = "Both see each other: one wake-up too many.")
@Outcome(
    id = "true, false",
    expect = ACCEPTABLE,
    desc = "Whoever adds sees the sleeper, and wakes it.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The timer thread sees the entry.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "The timer thread sleeps over the entry.")
public class WheelWakeUpWeakened {

  private static final long AWAKE = 0;

  private final Wheels wheels = Wheels.exact(0);
  private final Plain entry = new Plain();
  private long sleepsUntil = AWAKE;

  @Actor
  public void add(ZZ_Result r) {
    r.r1 = sleepsUntil != AWAKE;
    wheels.add(entry, 5);
  }

  @Actor
  public void timerThread(ZZ_Result r) {
    sleepsUntil = Stripe.NEVER;
    r.r2 = wheels.wake() != Stripe.NEVER;
  }
}
