package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link CloseAgainstRelease} with one flag for each end and no lock that makes the two exclude each other. */
@State
@JCStressTest
@Outcome(
    id = "true, false",
    expect = ACCEPTABLE,
    desc = "It was closed, and the release was refused.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It was released, and not closed.")
@Outcome(
    id = "true, true",
    expect = FORBIDDEN,
    desc = "It was given back to somebody and closed in his hands.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "It was neither closed nor released.")
public class CloseAgainstReleaseWeakened {

  private boolean closing;
  private boolean released;

  @Actor
  public void close(ZZ_Result r) {
    closing = true;
    r.r1 = !released;
  }

  @Actor
  public void release(ZZ_Result r) {
    released = true;
    r.r2 = !closing;
  }
}
