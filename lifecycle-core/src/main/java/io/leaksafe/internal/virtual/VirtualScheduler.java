package io.leaksafe.internal.virtual;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.timer.EngineThread;
import io.leaksafe.internal.timer.TimerEngine;
import io.leaksafe.internal.virtual.Actor.State;
import io.leaksafe.internal.virtual.Actor.Wait;
import io.leaksafe.time.TimeSource;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: clocks that a test moves, and threads that run one at a time until all of them wait.
 *
 * <p>The testkit's {@code VirtualTime} is its public face and has the contract of every method. Here each is put together from
 * {@link Baton}, which says who runs, {@link Seam}, where threads wait, and {@link Driver}, which moves the clock.
 */
public final class VirtualScheduler implements TimeSource {

  /** What {@link #run} runs. */
  @FunctionalInterface
  public interface Body {
    /** Runs. */
    void run() throws Exception;
  }

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Readings of the monotonic clock overflow 1 s after the start, so that most tests compare across that. */
  private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

  final Baton baton = new Baton();
  private final Patience patience = new Patience();
  private final VirtualClock clock;
  private final Failures failures;
  private final Description description;
  private final Seam seam;
  private final Driver driver;
  private final Set<TimerEngine> engines = Collections.synchronizedSet(new LinkedHashSet<>());
  private volatile boolean surfacesTaskFailures;

  /** Begins at 2026-01-01T00:00:00Z. */
  public VirtualScheduler() {
    this(START);
  }

  /** Begins at the given moment of the wall clock. */
  public VirtualScheduler(Instant start) {
    this(start, ORIGIN);
  }

  /** Begins at the given readings of the wall clock and of the monotonic clock. */
  VirtualScheduler(Instant start, long nanoOrigin) {
    clock = new VirtualClock(Check.notNull(start, "start"), nanoOrigin);
    failures = new Failures(clock);
    description = new Description(baton, clock);
    seam = new Seam(baton, patience, failures, description);
    driver = new Driver(baton, clock, patience, failures, description);
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public void park(Object blocker, long nanos) {
    if (nanos <= 0) {
      return;
    }
    Actor me = seam.enter();
    try {
      synchronized (baton) {
        if (me.permit || Thread.currentThread().isInterrupted()) {
          me.permit = false;
          return;
        }
        me.blocker = blocker;
        baton.suspend(me, Wait.PARK, due(nanos));
      }
      seam.await(me);
    } finally {
      seam.leave(me);
    }
  }

  @Override
  public void unpark(Thread thread) {
    Actor target = seam.actor(Check.notNull(thread, "thread"));
    Actor me = seam.enter();
    try {
      synchronized (baton) {
        baton.unpark(target);
      }
    } finally {
      seam.leave(me);
    }
  }

  @Override
  public Thread startThread(String name, Runnable body) {
    Actor started = Actor.starting(Check.notNull(name, "name"));
    if (Check.notNull(body, "body") instanceof EngineThread thread) {
      started.ofAnEngine = true;
      watch(thread.engine());
    }
    Actor me = seam.enter();
    try {
      return seam.start(started, body);
    } finally {
      seam.leave(me);
    }
  }

  private void watch(TimerEngine engine) {
    if (engines.add(engine)) {
      engine.onTaskFailure((what, failure) -> {
        if (surfacesTaskFailures) {
          failures.addTask(what, failure);
        }
      });
    }
  }

  /** Sets whether tasks that fail are reported to whoever moves time. */
  public void surfaceTaskFailures(boolean whether) {
    surfacesTaskFailures = whether;
  }

  /** What is set to happen at a later moment, in words: timers of users, then threads that wait by themselves. */
  public List<String> pending() {
    List<String> lines = new ArrayList<>();
    List.copyOf(engines).forEach(engine -> lines.addAll(engine.listing()));
    synchronized (baton) {
      lines.addAll(description.pendingThreads());
    }
    return lines;
  }

  @Override
  public boolean join(Thread thread, long nanos) {
    Actor target = seam.find(Check.notNull(thread, "thread"));
    if (target == null || target.outsider) {
      return joinStranger(thread);
    }
    Actor me = seam.enter();
    try {
      boolean waits;
      synchronized (baton) {
        waits =
            nanos > 0 && target.state != State.ENDED && !Thread.currentThread().isInterrupted();
        if (waits) {
          me.joined = target;
          baton.suspend(me, Wait.JOIN, due(nanos));
        }
      }
      if (waits) {
        seam.await(me);
      }
      return seam.hasDied(target, thread);
    } finally {
      seam.leave(me);
    }
  }

  private static boolean joinStranger(Thread thread) {
    if (thread.isAlive()) {
      throw new IllegalArgumentException("Thread '"
          + thread.getName()
          + "' was not started by this virtual time, which cannot tell when it ends. Start it with"
          + " startThread(..), or use Thread.join.");
    }
    return true;
  }

  /** Waits until the given time has passed; throws if it is interrupted, be it before. Needs and uses up no unpark. */
  public void sleep(Duration duration) throws InterruptedException {
    long nanos = notNegative(duration);
    Actor me = seam.enter();
    try {
      if (!Thread.currentThread().isInterrupted()) {
        sleep(me, Wait.SLEEP, nanos);
      }
    } finally {
      seam.leave(me);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException(
          "'" + me.name + "' was interrupted in a sleep of " + Text.duration(nanos) + ".");
    }
  }

  /** Waits until the given time has passed, and keeps an interrupt for later. */
  public void sleepUninterruptibly(Duration duration) {
    long nanos = notNegative(duration);
    Actor me = seam.enter();
    try {
      sleep(me, Wait.DEAF_SLEEP, nanos);
    } finally {
      seam.leave(me);
    }
  }

  private void sleep(Actor me, Wait how, long nanos) {
    if (nanos > 0) {
      synchronized (baton) {
        baton.suspend(me, how, due(nanos));
      }
      seam.await(me);
    }
  }

  private long due(long nanos) {
    return nanos == Long.MAX_VALUE ? Actor.NEVER : clock.after(nanos);
  }

  /** Lets the given time pass. */
  public void advance(Duration duration) {
    long nanos = notNegative(duration);
    leaveToDrive();
    driver.advance(nanos);
    failures.report();
  }

  /** Lets time pass up to the earliest moment for which a thread waits, and returns how much that was. */
  public Duration advanceToNextTimer() {
    leaveToDrive();
    long before = clock.now();
    driver.advanceToNextTimer();
    failures.report();
    return Duration.ofNanos(clock.now() - before);
  }

  /** Lets everything run that can without time passing. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /** Runs the callable on a thread of ours, and lets time pass whenever everything waits, until it has ended. */
  public <T extends @Nullable Object> T call(Callable<T> callable) throws Exception {
    Check.notNull(callable, "body");
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    FutureTask<T> body = new FutureTask<>(() -> {
      Thread.currentThread().setContextClassLoader(loader);
      return callable.call();
    });
    leaveToDrive();
    try {
      driver.runToEnd(() -> {
        Actor actor = Actor.starting("virtual-time-call");
        seam.start(actor, body);
        return actor;
      });
    } catch (RuntimeException | Error e) {
      body.cancel(true);
      throw e;
    }
    T value = outcome(body);
    failures.report();
    return value;
  }

  /** Runs the body as {@link #call} does. */
  public void run(Body body) throws Exception {
    Check.notNull(body, "body");
    this.<@Nullable Void>call(() -> {
      body.run();
      return null;
    });
  }

  private <T extends @Nullable Object> T outcome(FutureTask<T> body) throws Exception {
    try {
      return body.get();
    } catch (ExecutionException e) {
      Throwable thrown = Check.notNull(e.getCause(), "cause");
      failures.attachTo(thrown);
      if (thrown instanceof Exception exception) {
        throw exception;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      throw new UndeclaredThrowableException(thrown);
    }
  }

  /** The thread that moves time is one that time does not wait for. */
  private void leaveToDrive() {
    Actor me = seam.find(Thread.currentThread());
    if (me == null) {
      return;
    }
    if (!me.outsider) {
      throw new IllegalStateException("'"
          + me.name
          + "' is a thread of this virtual time and cannot move it, since it would wait for itself. Here,"
          + " sleep(..) lets time pass.");
    }
    synchronized (baton) {
      baton.free(me);
    }
  }

  /** How much time has passed since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(clock.now());
  }

  /** Sets how long, in the machine's time, to wait for threads that do not wait here. */
  public void patience(Duration duration) {
    patience.set(Check.positiveNanos(duration, "patience"));
  }

  /** Sets the wall clock; the monotonic clock stays. */
  public void setWallClock(Instant instant) {
    Check.notNull(instant, "instant");
    synchronized (baton) {
      clock.setWall(instant);
    }
  }

  /** Moves the wall clock, forward or back; the monotonic clock stays. */
  public void jumpWallClock(Duration by) {
    Check.notNull(by, "by");
    synchronized (baton) {
      clock.jumpWall(by);
    }
  }

  /** Returns the clocks and a line for each thread: name, state, due in. */
  public String describe() {
    synchronized (baton) {
      return description.table();
    }
  }

  @Override
  public String toString() {
    return "virtual time, " + description.moment();
  }

  private static long notNegative(Duration duration) {
    if (Check.notNull(duration, "duration").isNegative()) {
      throw new IllegalArgumentException("duration must not be negative, was "
          + Text.duration(duration) + ". Only the wall clock can go back: jumpWallClock(..).");
    }
    return Check.saturatedNanos(duration);
  }
}
