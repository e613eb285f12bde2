package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link AdoptAgainstClose} with the old owner looked up first and emptied later, in two steps. */
@State
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "It moved, and lives on in its new scope.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It stayed, and was closed there.")
@Outcome(
    id = "true, true",
    expect = FORBIDDEN,
    desc = "It moved, and the scope it had left closed it.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "It did not move and was not closed.")
public class AdoptAgainstCloseWeakened {

  private static final int FROM = 1;
  private static final int TO = 2;
  private static final int CLOSED = 3;

  private final AtomicInteger owner = new AtomicInteger(FROM);

  @Actor
  public void adopt(ZZ_Result r) {
    r.r1 = owner.get() == FROM;
    if (r.r1) {
      owner.set(TO);
    }
  }

  @Actor
  public void close(ZZ_Result r) {
    r.r2 = owner.get() == FROM;
    if (r.r2) {
      owner.set(CLOSED);
    }
  }
}
