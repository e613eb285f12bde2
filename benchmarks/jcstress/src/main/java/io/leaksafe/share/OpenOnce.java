package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** Two threads acquire what is not open yet: it is opened once, and both have the same. */
@State
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "One opened it, and both have it.")
@Outcome(expect = FORBIDDEN, desc = "Both opened one, or they have different ones.")
public class OpenOnce extends Resources {

  private final SharedResource<Resource> share =
      SharedResource.in(root, "share", this::open, this::close);
  private Object first = this;
  private Object second = this;

  @Actor
  public void acquireHere() {
    first = acquire(share).get();
  }

  @Actor
  public void acquireThere() {
    second = acquire(share).get();
  }

  @Arbiter
  public void look(IZ_Result r) {
    r.r1 = opened.get();
    r.r2 = first == second;
  }
}
