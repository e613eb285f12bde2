package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link OverOnce} with a task that looks whether its end has been told, and tells it, in two steps. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Cancelled, and counted once.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It had run, and was counted once.")
@Outcome(expect = FORBIDDEN, desc = "Counted twice, or not at all: the executor never ends.")
public class OverOnceWeakened {

  private final AtomicInteger unfinished = new AtomicInteger(1);
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile boolean running;
  private volatile boolean told;

  @Actor
  public void worker() {
    running = true;
    done.compareAndSet(false, true);
    running = false;
    tellIfOver();
  }

  @Actor
  public void cancel(ZZ_Result r) {
    r.r1 = done.compareAndSet(false, true);
    tellIfOver();
  }

  private void tellIfOver() {
    if (done.get() && !running && !told) {
      told = true;
      unfinished.decrementAndGet();
    }
  }

  @Arbiter
  public void look(ZZ_Result r) {
    r.r2 = unfinished.get() == 0;
  }
}
