package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link AddAgainstRegistryClose} with an adder that looks whether the registry is open, and only then adds. */
@State
@JCStressTest
@Outcome(
    id = "true, 0",
    expect = ACCEPTABLE,
    desc = "It came in time, and was removed by the close.")
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "It came too late, and was refused.")
@Outcome(expect = FORBIDDEN, desc = "Neither saw the other, and its handle stayed in the scope.")
public class AddAgainstRegistryCloseWeakened {

  private final ConcurrentLinkedQueue<Object> listeners = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  @Actor
  public void add(ZI_Result r) {
    if (!closed) {
      listeners.add(this);
      r.r1 = true;
    }
  }

  @Actor
  public void close() {
    closed = true;
    listeners.clear();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r2 = listeners.size();
  }
}
