package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** {@link RunsMeetInOneScope} with runs that pass over what another has claimed and do not wait for its end. */
@State
@JCStressTest
@Outcome(
    id = "1111, true",
    expect = ACCEPTABLE,
    desc = "Each handle was closed once, and both closes waited for all.")
@Outcome(
    expect = FORBIDDEN,
    desc = "A handle was closed twice or not at all, or one close returned too early.")
public class RunsMeetInOneScopeWeakened {

  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicIntegerArray claimed = new AtomicIntegerArray(4);
  private volatile boolean tooEarly;

  @Actor
  public void closeChild() {
    close();
  }

  @Actor
  public void closeOwner() {
    close();
  }

  private void close() {
    int digit = 1;
    for (int i = 0; i < claimed.length(); i++) {
      if (claimed.compareAndSet(i, 0, 1)) {
        closed.addAndGet(digit);
      }
      digit *= 10;
    }
    if (closed.get() != 1_111) {
      tooEarly = true;
    }
  }

  @Arbiter
  public void look(IZ_Result r) {
    r.r1 = closed.get();
    r.r2 = !tooEarly;
  }
}
