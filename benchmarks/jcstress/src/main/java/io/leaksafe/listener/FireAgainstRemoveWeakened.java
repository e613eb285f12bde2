package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link FireAgainstRemove} with whom to call read when the fire begins, as from an array that is copied. */
@State
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It was called before the close.")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The close came in between.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "It was closed, and not called any more.")
@Outcome(
    id = "true, true",
    expect = FORBIDDEN,
    desc = "It was called after its close had returned.")
public class FireAgainstRemoveWeakened {

  private volatile @Nullable Runnable second = () -> called = true;
  private volatile boolean closed;
  private boolean called;

  @Actor
  public void close() {
    second = null;
    closed = true;
  }

  @Actor
  public void fire(ZZ_Result r) {
    Runnable later = second;
    r.r1 = closed;
    if (later != null) {
      later.run();
    }
    r.r2 = called;
  }
}
