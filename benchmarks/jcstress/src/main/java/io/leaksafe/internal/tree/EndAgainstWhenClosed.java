package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A feature asks to be told of an owner's end while that ends: the end sees the request, or the request sees the end. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "It was told, once or twice.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "Each missed the other, and nobody was told.")
public class EndAgainstWhenClosed {

  private final BareOwner owner = new BareOwner().branch();
  private volatile boolean told;

  public EndAgainstWhenClosed() {
    owner.claim();
    owner.seal();
  }

  @Actor
  public void end() {
    owner.endedOwner();
  }

  @Actor
  public void ask() {
    owner.whenClosed(() -> told = true);
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = told;
  }
}
