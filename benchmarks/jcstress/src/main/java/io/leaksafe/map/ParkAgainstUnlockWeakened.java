package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ParkAgainstUnlock} with a holder that looks for waiters before it frees the lock, and a waiter that gives up. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It got the lock.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Nobody woke it.")
public class ParkAgainstUnlockWeakened {

  private static final int GIVE_UP_MILLIS = 20;

  private final AtomicInteger state = new AtomicInteger(1);
  private volatile Semaphore waiter;

  @Actor
  public void lock(I_Result r) {
    Semaphore self = new Semaphore(0);
    waiter = self;
    r.r1 = state.getAndSet(2) == 0 || isWoken(self) ? 1 : 0;
  }

  private static boolean isWoken(Semaphore self) {
    try {
      return self.tryAcquire(GIVE_UP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  @Actor
  public void unlock() {
    Semaphore waiting = waiter;
    state.set(0);
    if (waiting != null) {
      waiting.release();
    }
  }
}
