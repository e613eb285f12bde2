package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** {@link OpenOnce} with the state looked at and changed in two steps. */
@State
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "One opened it, and both have it.")
@Outcome(expect = FORBIDDEN, desc = "Both opened one, or they have different ones.")
public class OpenOnceWeakened extends Resources {

  private volatile @Nullable Resource shared;
  private Object first = this;
  private Object second = this;

  private Resource acquire() {
    Resource present = shared;
    if (present == null) {
      present = open();
      shared = present;
    }
    return present;
  }

  @Actor
  public void acquireHere() {
    first = acquire();
  }

  @Actor
  public void acquireThere() {
    second = acquire();
  }

  @Arbiter
  public void look(IZ_Result r) {
    r.r1 = opened.get();
    r.r2 = first == second;
  }
}
