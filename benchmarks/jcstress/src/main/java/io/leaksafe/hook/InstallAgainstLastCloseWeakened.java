package io.leaksafe.hook;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** {@link InstallAgainstLastClose} with hooks that are counted in one step, and a slot that is written in another. */
@State
@JCStressTest
@Outcome(
    id = "1, true",
    expect = ACCEPTABLE,
    desc = "One layer told it, and the original came back.")
@Outcome(expect = FORBIDDEN, desc = "No layer, or two, or something stayed behind.")
public class InstallAgainstLastCloseWeakened {

  private final AtomicInteger hooks = new AtomicInteger(1);
  private volatile boolean layered = true;

  private void join() {
    if (hooks.getAndIncrement() == 0) {
      layered = true;
    }
  }

  private void leave() {
    if (hooks.decrementAndGet() == 0) {
      layered = false;
    }
  }

  @Actor
  public void close() {
    leave();
  }

  @Actor
  public void install() {
    join();
  }

  @Arbiter
  public void look(IZ_Result r) {
    r.r1 = layered ? 1 : 0;
    leave();
    r.r2 = !layered;
  }
}
