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
import org.openjdk.jcstress.infra.results.IZI_Result;

/** A scope is closed by its user while its owner's close arrives there: the two runs share the work. */
@State
@JCStressTest
@Outcome(
    id = "1111, true, 0",
    expect = ACCEPTABLE,
    desc = "Each handle was closed once, and both closes waited for all.")
@Outcome(
    expect = FORBIDDEN,
    desc = "A handle was closed twice or not at all, or one close returned too early.")
public class RunsMeetInOneScope {

  private final AtomicInteger closed = new AtomicInteger();
  private final CleanupManager root = Roots.open(new StressTime());
  private final Scope owner = root.child("owner");
  private final Scope child = owner.child("child");
  private volatile boolean tooEarly;

  public RunsMeetInOneScope() {
    for (int digit = 1; digit <= 1_000; digit *= 10) {
      child.register("handle", digit, closed::addAndGet);
    }
  }

  @Actor
  public void closeChild() {
    child.close();
    look();
  }

  @Actor
  public void closeOwner() {
    owner.close();
    look();
  }

  private void look() {
    if (closed.get() != 1_111 || child.state() != Scope.State.CLOSED) {
      tooEarly = true;
    }
  }

  @Arbiter
  public void look(IZI_Result r) {
    r.r1 = closed.get();
    r.r2 = !tooEarly;
    r.r3 = root.handles().size();
  }
}
