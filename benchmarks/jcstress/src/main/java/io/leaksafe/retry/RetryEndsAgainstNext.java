package io.leaksafe.retry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.stress.StressTime;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A run is cancelled at the moment at which its attempt fails and the wait for the next begins: no wait is left. */
@State
@JCStressTest
@Outcome(id = "nothing left", expect = ACCEPTABLE, desc = "Nothing is pending.")
@Outcome(expect = FORBIDDEN, desc = "A wait goes on for a run that is over.")
public class RetryEndsAgainstNext {

  private final CompletableFuture<String> attempt = new CompletableFuture<>();
  private final CleanupManager root = CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build();
  private final CompletableFuture<String> run = Retry.attempts(3).run(root, () -> attempt);

  @Actor
  public void fail() {
    attempt.completeExceptionally(new IllegalStateException());
  }

  @Actor
  public void cancel() {
    run.cancel(true);
  }

  @Arbiter
  public void look(L_Result r) {
    boolean nothing = run.isCancelled() && OwnerNode.of(root).timers().size() == 0;
    r.r1 = nothing ? "nothing left" : "something left";
  }
}
