package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.Handle;
import io.leaksafe.stress.StressTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A handle is closed while a fire is under way: once one of the listeners can see that the close has returned, that of the
 * handle is called no more, though it was there when the fire began.
 */
@State
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It was called before the close.")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The close came in between.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "It was closed, and not called any more.")
@Outcome(
    id = "true, true",
    expect = FORBIDDEN,
    desc = "It was called after its close had returned.")
public class FireAgainstRemove {

  private final ListenerRegistry<Runnable> events =
      ListenerRegistry.in(Told.root(new StressTime()), "events");
  private final Handle<Runnable> second;
  private volatile boolean closed;
  private boolean sawClosed;
  private boolean called;

  public FireAgainstRemove() {
    events.add(() -> sawClosed = closed);
    second = events.add(() -> called = true);
  }

  @Actor
  public void close() {
    second.close();
    closed = true;
  }

  @Actor
  public void fire(ZZ_Result r) {
    events.fire(Runnable::run);
    r.r1 = sawClosed;
    r.r2 = called;
  }
}
