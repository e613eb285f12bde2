package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.PermitTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A task comes while a worker goes idle: the worker takes it, or is woken for it.
 *
 * <p>There are as many workers as there may be, so that none is started for it; all but one never get to run.
 */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It ran.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "It stays in the queue while the worker sleeps.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "It ran twice.")
public class SubmitAgainstIdle {

  private static final int ENOUGH = 8 + 2 * Runtime.getRuntime().availableProcessors();

  private final PermitTime time = new PermitTime();
  private final TimerEngine engine = new TimerEngine("stress", time, null, null);
  private final AtomicInteger ran = new AtomicInteger();
  private volatile int done;

  public SubmitAgainstIdle() {
    for (int i = 0; i < ENOUGH; i++) {
      engine.execute(() -> done++);
    }
  }

  @Actor
  public void worker() {
    time.runKeptUntilIdle();
  }

  @Actor
  public void submit() {
    while (done < ENOUGH) { // the worker is about to go idle
      Thread.onSpinWait();
    }
    engine.execute(() -> {
      ran.incrementAndGet();
      engine.close();
    });
    time.allSaid();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = ran.get();
  }
}
