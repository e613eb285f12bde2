package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** {@link AcquireAgainstOwnerClose} with an opener that looks before it opens, and not again after. */
@State
@JCStressTest
@Outcome(
    id = "true, 0, 0",
    expect = ACCEPTABLE,
    desc = "It had its lease, for which the close waited.")
@Outcome(
    id = "false, 0, 0",
    expect = ACCEPTABLE,
    desc = "It was refused, and what it had opened was closed.")
@Outcome(expect = FORBIDDEN, desc = "It held what was closed, or something stayed open.")
public class AcquireAgainstOwnerCloseWeakened extends Resources {

  private volatile boolean refuses;
  private volatile @Nullable Resource shared;

  @Actor
  public void acquire(ZII_Result r) {
    if (!refuses) {
      Resource mine = open();
      shared = mine;
      r.r2 = mine.open ? 0 : 1;
      r.r1 = true;
    }
  }

  @Actor
  public void close() {
    refuses = true;
    Resource present = shared;
    if (present != null) {
      close(present);
    }
  }

  @Arbiter
  public void look(ZII_Result r) {
    r.r3 = opened.get() - closed.get();
  }
}
