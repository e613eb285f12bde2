package io.leaksafe.timeout;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** {@link OneEndWins} with a result that looks whether it has ended and then ends, in two steps. */
@State
@JCStressTest
@Outcome(id = "value, told once", expect = ACCEPTABLE, desc = "The source was faster.")
@Outcome(id = "timeout, told once", expect = ACCEPTABLE, desc = "The limit was faster.")
@Outcome(expect = FORBIDDEN, desc = "Both ended it.")
public class OneEndWinsWeakened {

  private final AtomicInteger told = new AtomicInteger();
  private volatile String end;

  @Actor
  public void source() {
    end("value");
  }

  @Actor
  public void limit() {
    end("timeout");
  }

  private void end(String how) {
    if (end == null) {
      end = how;
      told.incrementAndGet();
    }
  }

  @Arbiter
  public void look(LL_Result r) {
    r.r1 = end;
    r.r2 = told.get() == 1 ? "told once" : "told " + told + " times";
  }
}
