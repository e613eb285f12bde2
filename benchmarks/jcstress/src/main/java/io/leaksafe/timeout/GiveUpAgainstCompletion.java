package io.leaksafe.timeout;

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
import org.openjdk.jcstress.infra.results.LL_Result;

/** One of three who wait for a shared stage gives up while the stage completes: the two others are told, and nobody is left. */
@State
@JCStressTest
@Outcome(id = "gave up, nobody left", expect = ACCEPTABLE, desc = "It gave up in time.")
@Outcome(id = "value, nobody left", expect = ACCEPTABLE, desc = "The stage was faster.")
@Outcome(
    expect = FORBIDDEN,
    desc = "A neighbour was not told, or somebody still stands in the list.")
public class GiveUpAgainstCompletion {

  private final CompletableFuture<String> source = new CompletableFuture<>();
  private final CleanupManager root = CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build();
  private final SharedStage<String> shared = Timeouts.shared(source);
  private final CompletableFuture<String> first = shared.within(root);
  private final CompletableFuture<String> second = shared.within(root);
  private final CompletableFuture<String> third = shared.within(root);

  @Actor
  public void source() {
    source.complete("value");
  }

  @Actor
  public void giveUp() {
    second.cancel(true);
  }

  @Arbiter
  public void look(LL_Result r) {
    r.r1 = second.isCancelled() ? "gave up" : second.getNow("not told");
    boolean all =
        first.getNow("not told").equals("value") && third.getNow("not told").equals("value");
    boolean none = shared.waiting() == 0 && OwnerNode.of(root).timers().size() == 0;
    r.r2 = all && none ? "nobody left" : all ? "somebody left" : "a neighbour was not told";
  }
}
