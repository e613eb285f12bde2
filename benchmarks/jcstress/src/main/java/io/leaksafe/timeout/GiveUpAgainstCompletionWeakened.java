package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** {@link GiveUpAgainstCompletion} with a list that is changed without a lock. */
@State
@JCStressTest
@Outcome(id = "gave up, nobody left", expect = ACCEPTABLE, desc = "It gave up in time.")
@Outcome(id = "value, nobody left", expect = ACCEPTABLE, desc = "The stage was faster.")
@Outcome(expect = FORBIDDEN, desc = "One was told twice, or somebody still stands in the list.")
public class GiveUpAgainstCompletionWeakened {

  private static final class Waiter {
    volatile Waiter previous;
    volatile Waiter next;
    volatile boolean waiting = true;
    volatile int told;
  }

  private final Waiter second = new Waiter();
  private volatile Waiter first = new Waiter();
  private volatile boolean gaveUp;
  private volatile int waiting = 3;

  public GiveUpAgainstCompletionWeakened() {
    Waiter third = new Waiter();
    first.next = second;
    second.previous = first;
    second.next = third;
    third.previous = second;
  }

  @Actor
  public void source() {
    for (int i = 0; i < 3; i++) { // a broken list may have no end
      Waiter each = first;
      if (each != null && unlink(each)) {
        each.told++;
      }
    }
  }

  @Actor
  public void giveUp() {
    gaveUp = unlink(second);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private boolean unlink(Waiter waiter) {
    if (!waiter.waiting) {
      return false;
    }
    waiter.waiting = false;
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    waiting--;
    return true;
  }

  @Arbiter
  public void look(LL_Result r) {
    r.r1 = second.told == 0 ? "gave up" : gaveUp ? "gave up and told" : "value";
    r.r2 = waiting == 0 ? "nobody left" : "somebody left";
  }
}
