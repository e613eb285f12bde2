package io.leaksafe.listener;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link AddAgainstFire} with the size told before the slot is filled. */
@State
@JCStressTest
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "The fire began before it was there.")
@Outcome(
    id = "true, 7",
    expect = ACCEPTABLE,
    desc = "It was called and saw what its adder had done.")
@Outcome(
    expect = FORBIDDEN,
    desc = "It was called too early, or the fire failed over an empty slot.")
public class AddAgainstFireWeakened {

  private static final VarHandle SIZE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(AddAgainstFireWeakened.class, "size", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Runnable[] entries = new Runnable[4];

  @SuppressWarnings("unused") // through SIZE
  private int size;

  private int done;
  private boolean called;
  private int saw;

  @Actor
  public void add() {
    done = 7;
    SIZE.setRelease(this, 1);
    VarHandle.releaseFence();
    entries[0] = () -> {
      called = true;
      saw = done;
    };
  }

  @Actor
  public void fire(ZI_Result r) {
    int filled = (int) SIZE.getAcquire(this);
    for (int i = 0; i < filled; i++) {
      Runnable each = entries[i];
      if (each == null) {
        r.r2 = -1;
        return;
      }
      each.run();
    }
    r.r1 = called;
    r.r2 = saw;
  }
}
