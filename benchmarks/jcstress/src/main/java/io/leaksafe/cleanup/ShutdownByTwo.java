package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.StressTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZZ_Result;

/** Two threads shut one scope down: one run closes it, both wait for its end and get its report. */
@State
@JCStressTest
@Outcome(
    id = "11, true, true",
    expect = ACCEPTABLE,
    desc = "One run; both came back after it, with the same report.")
@Outcome(expect = FORBIDDEN, desc = "Closed twice or not at all, too early back, or two reports.")
public class ShutdownByTwo {

  private final AtomicInteger closed = new AtomicInteger();
  private final Scope scope = Roots.open(new StressTime()).child("scope");
  private volatile CloseReport here;
  private volatile CloseReport there;

  public ShutdownByTwo() {
    scope.register("handle", 1, closed::addAndGet);
    scope.register("handle", 10, closed::addAndGet);
  }

  @Actor
  public void shutDownHere() {
    here = scope.shutdown();
  }

  @Actor
  public void shutDownThere() {
    there = scope.shutdown();
  }

  @Arbiter
  public void look(IZZ_Result r) {
    r.r1 = closed.get();
    r.r2 = here.clean() && here.entries().size() == 2;
    r.r3 = here.equals(there);
  }
}
