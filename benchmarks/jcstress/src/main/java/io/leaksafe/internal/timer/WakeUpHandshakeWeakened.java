package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link WakeUpHandshake} with an unpark for sleepers alone, and plain fields to tell who sleeps and for what. */
@State
@JCStressTest
@Outcome(
    id = "1",
    expect = ACCEPTABLE,
    desc = "It fired: the thread was woken, or had not gone to sleep.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "The thread sleeps over it.")
public class WakeUpHandshakeWeakened {

  private final PermitTime time = new PermitTime();
  private final CountingTimer early = new CountingTimer();
  private CountingTimer inbox;
  private boolean asleep;

  @Actor
  public void timerThread() {
    try {
      asleep = true;
      if (inbox == null) {
        time.park(this, Long.MAX_VALUE);
      }
      early.fire();
    } catch (PermitTime.SleptOver lost) {
      // the timer has not fired, which is what look() reports
    }
  }

  @Actor
  public void schedule() {
    inbox = early;
    if (asleep) {
      time.unpark(null);
    }
    time.allSaid();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = early.fired();
  }
}
