package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link RemoteCancelAgainstMove} with the place read before the state is written. */
@State
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing stands.")
@Outcome(expect = FORBIDDEN, desc = "What was cancelled stands until it is due.")
public class RemoteCancelAgainstMoveWeakened {

  private final Wheels wheels = Plain.wheels();
  private final Stripe stripe = wheels.stripes.get(0);
  private final Plain entry = new Plain();

  public RemoteCancelAgainstMoveWeakened() {
    Plain former = new Plain();
    wheels.add(former, 1L << 40);
    wheels.add(entry, 1L << 40);
    wheels.cancel(former); // so that the other one has another place once it has moved
    Plain.home(wheels, 1);
  }

  @Actor
  public void cancel() {
    int place = entry.place();
    stripe.lock(); // gives the move time to end in between, as a busy machine would
    stripe.unlock();
    if (entry.go(Entry.PENDING, Entry.CANCELLED)) {
      stripe.lock();
      stripe.remove(place & Slab.SLOT_MASK, entry);
      stripe.unlock();
    }
  }

  @Actor
  public void move() {
    stripe.lock();
    stripe.move();
    stripe.unlock();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = wheels.count();
  }
}
