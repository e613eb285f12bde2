package io.leaksafe.map;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link RemovalHandedOn} with a closer that looks at what waits, and only then says that the map is closing. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Told of once.")
@Outcome(expect = FORBIDDEN, desc = "Left to a worker that never comes, or told of twice.")
public class RemovalHandedOnWeakened {

  private final AtomicInteger told = new AtomicInteger();
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile boolean waits;
  private volatile boolean closing;

  @Actor
  public void tell() {
    waits = true;
    if (closing) {
      run();
    }
  }

  @Actor
  public void close() {
    if (waits) {
      run();
    }
    closing = true;
  }

  private void run() {
    if (claimed.compareAndSet(false, true)) {
      told.incrementAndGet();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = told.get();
  }
}
