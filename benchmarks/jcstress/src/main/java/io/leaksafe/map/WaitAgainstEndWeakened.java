package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link WaitAgainstEnd} with one who waits that looks whether it is over, and then says that it waits. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both have the one value.")
@Outcome(expect = FORBIDDEN, desc = "One waits for ever, or has none.")
public class WaitAgainstEndWeakened {

  private final PermitTime time = new PermitTime();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Queue<Thread> waiters = new ConcurrentLinkedQueue<>();
  private volatile boolean done;

  @Actor
  public void first(ZZ_Result r) {
    r.r1 = compute();
  }

  @Actor
  public void second(ZZ_Result r) {
    r.r2 = compute();
  }

  private boolean compute() {
    try {
      if (taken.compareAndSet(false, true)) {
        done = true;
        waiters.forEach(time::unpark);
      } else if (!done) {
        waiters.add(Thread.currentThread());
        time.park(this, Long.MAX_VALUE);
      }
      return true;
    } catch (PermitTime.SleptOver lost) {
      return false;
    } finally {
      time.allSaid();
    }
  }
}
