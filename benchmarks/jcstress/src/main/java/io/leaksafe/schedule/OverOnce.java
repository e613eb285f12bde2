package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A task of an executor is cancelled while it runs: it is over once, so that the executor ends, and neither early nor never. */
@State
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Cancelled, and counted once.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It had run, and was counted once.")
@Outcome(expect = FORBIDDEN, desc = "Counted twice, or not at all: the executor never ends.")
public class OverOnce {

  private final EngineTime time = new EngineTime();
  private final ScheduledExecutorService executor;
  private final Future<?> future;

  public OverOnce() {
    CleanupManager root = CleanupManager.builder("root")
        .tracking(Tracking.DISABLED)
        .timeSource(time)
        .build();
    executor = ManagedScheduler.in(root, "scheduler").asScheduledExecutorService();
    future = executor.submit(() -> {});
  }

  @Actor
  public void worker() {
    time.runUntilIdle();
  }

  @Actor
  public void cancel(ZZ_Result r) {
    r.r1 = future.cancel(false);
  }

  @Arbiter
  public void look(ZZ_Result r) {
    executor.shutdown();
    r.r2 = executor.isTerminated();
  }
}
