package io.leaksafe.internal.timer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link CancelAgainstFire} with a look and a write instead of a CAS. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It was cancelled, and does not fire.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "It fires, and the cancel came too late.")
@Outcome(id = "true, 1", expect = FORBIDDEN, desc = "It fires though it was cancelled.")
@Outcome(id = "false, 0", expect = FORBIDDEN, desc = "It is neither cancelled nor fired.")
public class CancelAgainstFireWeakened {

  private final CountingTimer timer = new CountingTimer();
  private volatile boolean pending = true;

  @Actor
  public void timerThread() {
    if (remove()) {
      timer.fire();
    }
  }

  @Actor
  public void cancel(ZI_Result r) {
    r.r1 = remove();
  }

  private boolean remove() {
    boolean was = pending;
    pending = false;
    return was;
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = timer.fired();
  }
}
