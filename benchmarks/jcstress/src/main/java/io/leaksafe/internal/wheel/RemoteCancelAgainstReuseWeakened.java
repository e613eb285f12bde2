package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link RemoteCancelAgainstReuse} with mail that frees the slot without a look at who stands there. */
@State
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "The new entry stands, and it alone.")
@Outcome(expect = FORBIDDEN, desc = "Mail about the old entry took the new one out.")
public class RemoteCancelAgainstReuseWeakened {

  private final Stripe stripe = new Stripe.Apart(0, new Ticks(0, 0), 512, 4);
  private final Mailbox box = new Mailbox.Apart();
  private final Due due = new Due(1);
  private final Plain former = new Plain();
  private final Plain next = new Plain();

  public RemoteCancelAgainstReuseWeakened() {
    former.due(1);
    next.due(9);
    stripe.add(former, null);
  }

  @Actor
  public void cancel() {
    if (former.go(Entry.PENDING, Entry.CANCELLED)) {
      stripe.lock();
      Entry whoever = stripe.slab.entry(former.place());
      if (whoever != null) {
        stripe.remove(former.place(), whoever);
      }
      stripe.unlock();
    }
  }

  @Actor
  public void timerThread() {
    stripe.lock();
    stripe.takeDue(1, due);
    stripe.add(next, null);
    stripe.unlock();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r1 = stripe.slab.entry(next.place()) == next;
    r.r2 = stripe.count();
  }
}
