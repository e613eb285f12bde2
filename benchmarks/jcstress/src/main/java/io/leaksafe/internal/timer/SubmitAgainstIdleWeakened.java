package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link SubmitAgainstIdle} with a worker that looks into the queue and notes that it is idle in two steps. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It ran.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "It stays in the queue while the worker sleeps.")
public class SubmitAgainstIdleWeakened {

  private final PermitTime time = new PermitTime();
  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ran = new AtomicInteger();
  private volatile Thread idle;

  @Actor
  public void worker() {
    try {
      Runnable task = queue.poll();
      if (task == null) {
        idle = Thread.currentThread();
        time.park(this, Long.MAX_VALUE);
        task = queue.poll();
      }
      task.run();
    } catch (PermitTime.SleptOver lost) {
      // the task has not run, which is what look() reports
    }
  }

  @Actor
  public void submit() {
    queue.add(ran::incrementAndGet);
    Thread wake = idle;
    if (wake != null) {
      time.unpark(wake);
    }
    time.allSaid();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = ran.get();
  }
}
