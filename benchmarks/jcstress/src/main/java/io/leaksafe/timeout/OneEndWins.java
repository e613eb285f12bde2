package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.stress.StressTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A source completes at the moment at which its limit is over: the result ends once, and no timer is left. */
@State
@JCStressTest
@Outcome(id = "value, told once", expect = ACCEPTABLE, desc = "The source was faster.")
@Outcome(id = "timeout, told once", expect = ACCEPTABLE, desc = "The limit was faster.")
@Outcome(expect = FORBIDDEN, desc = "Both ended it, or neither, or a timer was left.")
public class OneEndWins {

  private final CompletableFuture<String> source = new CompletableFuture<>();
  private final AtomicInteger told = new AtomicInteger();
  private final CleanupManager root = CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build();
  private final CompletableFuture<String> result =
      Timeouts.within(root, Duration.ofSeconds(1), () -> source);
  private boolean limitWon;

  public OneEndWins() {
    result.whenComplete((value, failure) -> told.incrementAndGet());
  }

  @Actor
  public void source() {
    source.complete("value");
  }

  /** What the limit does once it has fired. */
  @Actor
  public void limit() {
    limitWon = result.completeExceptionally(new TimeoutException());
  }

  @Arbiter
  public void look(LL_Result r) {
    boolean timedOut = result.isCompletedExceptionally();
    r.r1 = timedOut != limitWon ? "contradiction" : timedOut ? "timeout" : "value";
    boolean once = told.get() == 1 && OwnerNode.of(root).timers().size() == 0;
    r.r2 = once ? "told once" : "told " + told + " times, or a timer left";
  }
}
