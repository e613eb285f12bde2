package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link EndAgainstWhenClosed} with no full fence between each one's write and its read. */
@State
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "It was told, once or twice.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "Each missed the other, and nobody was told.")
public class EndAgainstWhenClosedWeakened {

  private static final VarHandle CLOSED;
  private static final VarHandle ASKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLOSED = lookup.findVarHandle(EndAgainstWhenClosedWeakened.class, "closed", boolean.class);
      ASKED = lookup.findVarHandle(EndAgainstWhenClosedWeakened.class, "asked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through CLOSED
  private boolean closed;

  @SuppressWarnings("unused") // through ASKED
  private boolean asked;

  private volatile boolean told;

  @Actor
  public void end() {
    CLOSED.setRelease(this, true);
    if ((boolean) ASKED.getAcquire(this)) {
      told = true;
    }
  }

  @Actor
  public void ask() {
    ASKED.setRelease(this, true);
    if ((boolean) CLOSED.getAcquire(this)) {
      told = true;
    }
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = told;
  }
}
