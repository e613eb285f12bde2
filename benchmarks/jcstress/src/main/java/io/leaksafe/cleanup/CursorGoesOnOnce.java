package io.leaksafe.cleanup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.stress.StressTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZZ_Result;

/**
 * A closer comes back at the moment its thread is given up: one of the two threads goes on with the rest.
 *
 * <p>The watcher looks twice: at the closer's share, when it interrupts, and at the end of the grace. The thread it starts
 * then runs at once, as its own.
 */
@State
@JCStressTest
@Outcome(
    id = "1111, true, false",
    expect = ACCEPTABLE,
    desc = "Closed once, one by one; no interrupt is left.")
@Outcome(
    id = "1111, true, true",
    expect = FORBIDDEN,
    desc = "The interrupt for the closer reached the caller.")
@Outcome(
    id = "1111, false, false",
    expect = FORBIDDEN,
    desc = "Both went on, and closed two handles at a time.")
@Outcome(expect = FORBIDDEN, desc = "A handle was closed twice, or not at all.")
public class CursorGoesOnOnce {

  private static final long SHARE_IS_OVER_NANOS = 3_000_000_000L;
  private static final long GRACE_IS_OVER_NANOS = 3_100_000_000L;
  private static final int SPINS = 100_000;

  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final StressTime time = new InlineTime();
  private final TreeScope scope = (TreeScope) Roots.open(time).child("scope");
  private final CloseRun run;

  private volatile boolean together;
  private volatile boolean begun;

  public CursorGoesOnOnce() {
    scope.register("last", 1, this::closeAlone);
    scope.register("third", 10, this::closeAlone);
    scope.register("second", 100, this::closeAlone);
    scope.register("slow", 1_000, this::closeSlowly);
    run = scope.newRun();
    time.set(SHARE_IS_OVER_NANOS);
  }

  private void closeAlone(int digit) {
    if (inside.getAndIncrement() > 0) {
      together = true;
    }
    closed.addAndGet(digit);
    inside.decrementAndGet();
  }

  private void closeSlowly(int digit) {
    begun = true;
    for (int i = 0; i < SPINS && !Thread.currentThread().isInterrupted(); i++) {
      Thread.onSpinWait();
    }
    closed.addAndGet(digit);
  }

  @Actor
  public void close(IZZ_Result r) {
    scope.closeNow(run);
    r.r3 = Thread.interrupted();
  }

  @Actor
  public void watch() {
    while (!begun) {
      Thread.onSpinWait();
    }
    run.watch();
    time.set(GRACE_IS_OVER_NANOS);
    run.watch();
  }

  @Arbiter
  public void look(IZZ_Result r) {
    r.r1 = closed.get();
    r.r2 = !together && scope.isClosed();
  }

  /** Runs a new thread's body on the thread that starts it. */
  private static final class InlineTime extends StressTime {
    @Override
    public Thread startThread(String name, Runnable body) {
      if (name.contains("-closer-")) {
        body.run();
        return Thread.currentThread();
      }
      return super.startThread(name, body);
    }
  }
}
