package io.leaksafe.testkit;

import io.leaksafe.handle.Action;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when the test says so: hours of timers, timeouts and shutdowns in milliseconds, in the same order every
 * time.
 *
 * <p>Make one for each test and give it to what is tested:
 *
 * <pre>{@code
 * VirtualTime time = VirtualTime.create();
 * CleanupManager app = CleanupManager.builder("app").timeSource(time).build();
 * ManagedScheduler.in(app, "timers").every("sweep", ofMinutes(5), sweeps::incrementAndGet);
 *
 * time.advance(ofHours(1));           // sweeps 12 times
 * time.run(app::close);               // waits for as long as it takes, in virtual time
 * }</pre>
 *
 * <p><b>How time passes.</b> Both clocks stand still while anything runs. They move only inside {@link #advance}, {@link
 * #advanceToNextTimer}, {@link #call} and {@link #run}: whenever every thread waits, time goes on to the earliest moment for
 * which one of them waits, that one is woken, and runs until it waits again. So no deadline is ever passed over, not even one
 * set on the way.
 *
 * <p><b>Threads.</b> Those started by {@link #startThread}, which is how the whole library starts its threads, run one at a
 * time: the next one gets its turn when the running one parks, joins or ends, in the order in which they became ready. Other
 * threads, the test's own among them, run freely; inside {@link #call} and {@link #run} test code, too, runs in turn and a
 * test is repeatable to the last step. A thread that waits for something other than virtual time, such as a lock, a latch or
 * a socket, holds up the clocks until it is done; if it is seen blocked for 10 ms it no longer holds up the other threads.
 *
 * <p><b>When it does not go on.</b> After {@link #patience}, 10 s of real time unless set, whoever moves time gets an {@code
 * IllegalStateException} with the threads that did not come to wait, and their stacks. So does a thread from outside that
 * waits while nobody moves time. An exception that nobody caught on a thread of this virtual time reaches that thread's
 * uncaught-exception handler, and is thrown again as the cause of an {@code IllegalStateException} by the call that moves
 * time then or next, once that is done. So is what a task of a {@code ManagedScheduler} threw, though its timer goes on, unless
 * {@link #ignoreTaskFailures} is set.
 *
 * <p>Thread safety: every method may be called from any thread, but only one thread may move time, and none of those started
 * here. Nothing is global: two instances know nothing of each other. Moments end 292 years after the start, where durations
 * saturate.
 */
public final class VirtualTime implements TimeSource {

  private final VirtualScheduler scheduler;

  private VirtualTime(VirtualScheduler scheduler) {
    this.scheduler = scheduler;
    scheduler.surfaceTaskFailures(true);
  }

  /**
   * Makes a virtual time that begins at 2026-01-01T00:00:00Z.
   *
   * @return a new one, which has no thread
   */
  public static VirtualTime create() {
    return new VirtualTime(new VirtualScheduler());
  }

  /**
   * Makes a virtual time that begins at the given moment.
   *
   * @param start the first reading of {@link #instant}
   * @return a new one, which has no thread
   * @throws NullPointerException if the moment is null
   */
  public static VirtualTime startingAt(Instant start) {
    return new VirtualTime(new VirtualScheduler(start));
  }

  /**
   * Sets how long virtual time waits, in real time, for threads that neither wait in it nor end; 10 s if not set. Raise it
   * for a test that computes for longer. While the whole JVM stands still, as in a debugger, it does not run out.
   *
   * @param realTime longer than zero
   * @return this virtual time
   * @throws IllegalArgumentException if the duration is zero or negative
   * @throws NullPointerException if the duration is null
   */
  public VirtualTime patience(Duration realTime) {
    scheduler.patience(realTime);
    return this;
  }

  /**
   * Lets the given time pass, and everything happen that is due in it, in order; ends exactly that much later.
   *
   * <p>What is due at one moment happens in the order in which the threads began to wait for it. Returns when everything
   * waits. An interrupt of the calling thread ends it early, with its flag kept; one from before is kept for afterwards.
   *
   * @param duration zero or more; zero does what {@link #settle} does
   * @throws IllegalArgumentException if the duration is negative
   * @throws NullPointerException if the duration is null
   * @throws IllegalStateException if a thread does not come to wait within {@link #patience}; if the calling thread was
   *     interrupted, or was started by this virtual time; if another one moves time already; or, after everything was done,
   *     with the cause, if a thread ended by an uncaught exception
   */
  public void advance(Duration duration) {
    scheduler.advance(duration);
  }

  /**
   * Lets time pass up to the next timer: the earliest moment for which a thread waits, other than a worker that waits for
   * work; and everything happen that is due up to then.
   *
   * @return how much time passed
   * @throws IllegalStateException if there is none; and as {@link #advance}
   */
  public Duration advanceToNextTimer() {
    return scheduler.advanceToNextTimer();
  }

  /**
   * Lets everything happen that can without time passing, and returns when every thread waits or has ended.
   *
   * @throws IllegalStateException as {@link #advance}
   */
  public void settle() {
    scheduler.settle();
  }

  /**
   * Runs the body on a thread of its own, and lets time pass whenever everything waits, until the body is done. This is how
   * to test what waits by itself, such as a close whose closers hang.
   *
   * <p>The body's thread has the caller's context class loader, but none of its thread locals. Returns when the body is done
   * and everything else waits; the caller sees all that happened. If this throws before the body is done, the body's thread
   * is interrupted.
   *
   * @param <T> the type of the value
   * @param body what to run
   * @return the body's value, which may be null
   * @throws Exception what the body threw, as it is; uncaught exceptions of other threads are suppressed in it
   * @throws NullPointerException if the body is null
   * @throws IllegalStateException if everything waits and nobody has a deadline, with every thread and its stack; if only
   *     others have run for {@link #patience} of real time; and as {@link #advance}
   */
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    return scheduler.call(body);
  }

  /**
   * Runs the body as {@link #call} does.
   *
   * @param body what to run
   * @throws Exception what the body threw, as it is
   * @throws NullPointerException if the body is null
   * @throws IllegalStateException as {@link #call}
   */
  public void run(Action body) throws Exception {
    Objects.requireNonNull(body, "body must not be null.");
    scheduler.run(body::run);
  }

  /**
   * Waits until the given time has passed: the virtual form of {@code Thread.sleep}, for a closer that hangs or a task that
   * takes its time. Needs no {@link #unpark} and uses none up.
   *
   * @param duration zero or more
   * @throws InterruptedException if the calling thread is interrupted, or was before; its flag is cleared then
   * @throws IllegalArgumentException if the duration is negative
   * @throws NullPointerException if the duration is null
   * @throws IllegalStateException if the calling thread was not started by this virtual time, and nobody moved time for
   *     {@link #patience}
   */
  public void sleep(Duration duration) throws InterruptedException {
    scheduler.sleep(duration);
  }

  /**
   * Waits until the given time has passed, whatever happens: for a closer that ignores interrupts.
   *
   * <p>An interrupt is kept, and is the thread's flag again when this returns.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if the duration is negative
   * @throws NullPointerException if the duration is null
   * @throws IllegalStateException as {@link #sleep}
   */
  public void sleepUninterruptibly(Duration duration) {
    scheduler.sleepUninterruptibly(duration);
  }

  /**
   * Returns how much time has passed.
   *
   * @return the time since the start, by the monotonic clock
   */
  public Duration elapsed() {
    return scheduler.elapsed();
  }

  /**
   * Sets the wall clock, as a person or a time server does. The monotonic clock and all that waits are as before.
   *
   * @param instant the new reading of {@link #instant}
   * @throws NullPointerException if the moment is null
   */
  public void setWallClock(Instant instant) {
    scheduler.setWallClock(instant);
  }

  /**
   * Moves the wall clock alone. The monotonic clock and all that waits are as before.
   *
   * @param by how far; back if negative
   * @throws NullPointerException if the duration is null
   */
  public void jumpWallClock(Duration by) {
    scheduler.jumpWallClock(by);
  }

  /**
   * Leaves what tasks throw to the log, where it is in production: for a test of what happens then.
   *
   * @return this virtual time
   */
  public VirtualTime ignoreTaskFailures() {
    scheduler.surfaceTaskFailures(false);
    return this;
  }

  /**
   * Returns what is set to happen at a later moment: the timers and timeouts of all managers with this time, with what is known
   * of their handles, and other threads that wait for a moment.
   *
   * @return a line each; empty if nothing is pending. For people, the form may change
   */
  public List<String> pending() {
    return scheduler.pending();
  }

  /**
   * Fails if anything is {@link #pending}, such as a timer of a manager that the test did not close. Settles first, so that a
   * failure nobody was told of comes out as well.
   *
   * @throws AssertionError if something is pending, with what it is
   * @throws IllegalStateException as {@link #advance}
   */
  public void assertNothingPending() {
    settle();
    List<String> pending = pending();
    if (!pending.isEmpty()) {
      throw new AssertionError(Text.count(pending.size(), "thing")
          + " still pending in virtual time, " + Text.duration(elapsed()) + " after its start:\n  "
          + String.join("\n  ", pending)
          + "\nClose its owner before the test ends: time.run(manager::close).");
    }
  }

  /**
   * Describes this virtual time as it is now: its clocks, and a line for each thread that runs or waits in it.
   *
   * @return name, state and time left of each thread; for people, the form may change
   */
  public String describe() {
    return scheduler.describe();
  }

  /**
   * Reads the monotonic clock. It overflows 1 s after the start, so that a test finds readings compared the wrong way.
   *
   * @return nanoseconds since an arbitrary origin; compare two readings by {@code a - b > 0}
   */
  @Override
  public long nanoTime() {
    return scheduler.nanoTime();
  }

  @Override
  public Instant instant() {
    return scheduler.instant();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException as {@link #sleep}
   */
  @Override
  public void park(Object blocker, long nanos) {
    scheduler.park(blocker, nanos);
  }

  @Override
  public void unpark(Thread thread) {
    scheduler.unpark(thread);
  }

  @Override
  public Thread startThread(String name, Runnable body) {
    return scheduler.startThread(name, body);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the thread runs and was not started by this virtual time
   * @throws IllegalStateException as {@link #sleep}
   */
  @Override
  public boolean join(Thread thread, long nanos) {
    return scheduler.join(thread, nanos);
  }

  /** Returns one line; {@link #describe} has the threads. */
  @Override
  public String toString() {
    return scheduler.toString();
  }
}
