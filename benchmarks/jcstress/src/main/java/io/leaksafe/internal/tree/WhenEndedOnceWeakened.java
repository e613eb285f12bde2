package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link WhenEndedOnce} with the question asked before the task is put where the end finds it. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It was told once.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "It was never told.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "It was told twice.")
public class WhenEndedOnceWeakened {

  private final AtomicInteger told = new AtomicInteger();
  private final AtomicReference<Runnable> afterEnd = new AtomicReference<>();
  private volatile boolean ended;

  @Actor
  public void ask() {
    if (ended) {
      told.incrementAndGet();
    } else {
      afterEnd.set(told::incrementAndGet);
    }
  }

  @Actor
  public void end() {
    ended = true;
    Runnable task = afterEnd.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = told.get();
  }
}
