package io.leaksafe.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Tracking;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** The scope of a task without a key is closed while a worker begins it: the close waits for it, or keeps it from running. */
@State
@JCStressTest
@Outcome(id = "has not begun, false", expect = ACCEPTABLE, desc = "The task never runs.")
@Outcome(id = "has ended, true", expect = ACCEPTABLE, desc = "The close came back after the task.")
@Outcome(
    id = "is running, true",
    expect = FORBIDDEN,
    desc = "The close came back while the task was running.")
@Outcome(id = "has not begun, true", expect = FORBIDDEN, desc = "The task ran after the close.")
@Outcome(expect = FORBIDDEN, desc = "The task vanished.")
public class ShotAgainstOwner {

  private final Scope scope;
  private final EngineTime time = new EngineTime();
  private final SlowTask task = new SlowTask();

  public ShotAgainstOwner() {
    CleanupManager root = CleanupManager.builder("root")
        .tracking(Tracking.DISABLED)
        .timeSource(time)
        .build();
    scope = root.child("scope");
    ManagedScheduler.in(scope, "scheduler").after(Duration.ZERO, task::run);
    time.runUntilIdle(); // the timer thread: hands the task to a worker
  }

  @Actor
  public void worker() {
    time.runUntilIdle();
  }

  @Actor
  public void close(LZ_Result r) {
    scope.close();
    r.r1 = task.state();
  }

  @Arbiter
  public void look(LZ_Result r) {
    r.r2 = task.hasBegun();
  }
}
