package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads take a lock that parks at once twice, and count under it. One that is not woken hangs, and so does this. */
@State
@JCStressTest
@Outcome(id = "4", expect = ACCEPTABLE, desc = "Each had it in its turn.")
@Outcome(expect = FORBIDDEN, desc = "Two had it at once.")
public class ParkAgainstUnlock {

  private static final class Parking extends SpinLock {
    Parking() {
      super(0);
    }
  }

  private final Parking lock = new Parking();
  private int count;

  private void countTwice() {
    for (int i = 0; i < 2; i++) {
      lock.lock();
      count++;
      lock.unlock();
    }
  }

  @Actor
  public void one() {
    countTwice();
  }

  @Actor
  public void another() {
    countTwice();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = count;
  }
}
