package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The root scope: it sets the deadline of the close, ties it to the exit of the JVM, and says how much is recorded.
 *
 * <p>Many may live in one JVM; nothing is global. A manager starts no thread until it needs one and has none left after its
 * close, except one stuck in a closer that ignores interrupts.
 */
public sealed interface CleanupManager extends Scope permits RootScope {

  /**
   * Makes a manager with every setting at its default: 5 s in total for the close, {@link Tracking#SIMPLE}.
   *
   * @param name what reports, logs and threads call it
   * @return an open manager without threads
   */
  static CleanupManager create(String name) {
    return builder(name).build();
  }

  /**
   * Begins a manager with other settings.
   *
   * @param name what reports, logs and threads call it
   * @return a builder, for one thread and one manager
   */
  static Builder builder(String name) {
    return new Builder(Check.name(name, "name"));
  }

  /**
   * Closes this manager when the JVM exits, be it by {@code System.exit}, SIGTERM or Ctrl-C, and prints the report to
   * stderr unless it is clean, since logging may be gone by then. The managers of a JVM share one hook and close at the
   * same time; {@link #close()} takes this one out again. A second call changes nothing.
   *
   * @return this manager
   * @throws IllegalStateException if the JVM is already exiting
   * @throws io.leaksafe.handle.ClosedScopeException if this manager's close has begun
   */
  CleanupManager closeOnExit();

  /**
   * Tells whether this manager takes new work, for a readiness probe.
   *
   * @return false from the moment its close begins; on an exit of the JVM with a {@link Builder#drainDelay}, already while it
   *     waits for that, though everything is still open then
   */
  boolean isReady();

  /**
   * Returns the report as it is now. After the close it still changes when a closer that was given up comes back.
   *
   * @return the latest; incomplete and without entries before the close begins
   */
  CloseReport report();

  /**
   * Looks now for handles that have been live for longer than they should be, and for leases and scopes that were dropped
   * unclosed and that the garbage collector has found since; tells the listener of those it has not been told of, and logs
   * them. It does not make the collector run.
   *
   * <p>Of leases and child scopes the first hundred of a manager are watched for being dropped, and then one in {@code
   * sampleEvery}; all under {@link Tracking#PARANOID}, none under {@link Tracking#DISABLED}.
   *
   * @return every live handle that is older than its own or the manager's {@code warnAfter}, and every one found dropped
   */
  List<HandleInfo> check();

  /** Settings of a manager; each may be set once. Not thread-safe. */
  final class Builder {
    private final String name;
    private @Nullable Duration timeout;
    private @Nullable Duration drainDelay;
    private @Nullable Duration haltAfter;
    private @Nullable Tracking tracking;
    private @Nullable Integer sampleEvery;
    private @Nullable Duration warnAfter;
    private @Nullable Integer warnAbove;
    private @Nullable Executor executor;
    private @Nullable UnaryOperator<Runnable> taskDecorator;
    private @Nullable CleanupListener listener;
    private @Nullable TimeSource timeSource;
    private @Nullable Boolean jmx;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Sets how long the whole close may take; 5 s if not set.
     *
     * @param total longer than zero
     * @return this builder
     */
    public Builder timeout(Duration total) {
      once(timeout, "timeout");
      Check.positiveNanos(total, "timeout");
      timeout = total;
      return this;
    }

    /**
     * Sets how long {@link CleanupManager#closeOnExit} waits before it closes; not at all if not set. Meanwhile {@link
     * CleanupManager#isReady} is false and everything works, so that load balancers can look elsewhere before the server stops.
     * It comes before the {@link #timeout} and does not count against it; a close that does not come from the JVM's exit does not
     * wait.
     *
     * @param time longer than zero
     * @return this builder
     */
    public Builder drainDelay(Duration time) {
      once(drainDelay, "drainDelay");
      Check.positiveNanos(time, "drainDelay");
      drainDelay = time;
      return this;
    }

    /**
     * Halts the JVM, with status 1, if it is still there so long after its exit began: because a shutdown hook of somebody else
     * hangs, for example. Without it that is left to whoever started the JVM. It acts only on an exit with {@link
     * CleanupManager#closeOnExit}; of several managers the shortest time counts. What was not written by then is lost.
     *
     * @param time longer than drainDelay and timeout together
     * @return this builder
     */
    public Builder haltAfter(Duration time) {
      once(haltAfter, "haltAfter");
      Check.positiveNanos(time, "haltAfter");
      haltAfter = time;
      return this;
    }

    /**
     * Sets how much is recorded about each opening; {@link Tracking#SIMPLE} if not set.
     *
     * @param level the level
     * @return this builder
     */
    public Builder tracking(Tracking level) {
      once(tracking, "tracking");
      tracking = Check.notNull(level, "tracking");
      return this;
    }

    /**
     * Sets how many handles share one recorded stack under {@link Tracking#ADVANCED}; 128 if not set.
     *
     * @param handles 1 or more
     * @return this builder
     */
    public Builder sampleEvery(int handles) {
      once(sampleEvery, "sampleEvery");
      sampleEvery = Check.positive(handles, "sampleEvery");
      return this;
    }

    /**
     * Reports every resource, scope, listener and lease that has been live for the given time, once; none if not set.
     * {@link io.leaksafe.handle.Handle#warnAfter} sets another limit for one handle.
     *
     * @param age longer than zero
     * @return this builder
     */
    public Builder warnAfter(Duration age) {
      once(warnAfter, "warnAfter");
      Check.positiveNanos(age, "warnAfter");
      warnAfter = age;
      return this;
    }

    /**
     * Sets how many live handles of one name in one scope are the first to be warned of; 1,000 if not set. Each doubling
     * is warned of again. For things {@link Scope#own}ed it is 16, or this number if that is smaller.
     *
     * @param handles 1 or more
     * @return this builder
     */
    public Builder warnAbove(int handles) {
      once(warnAbove, "warnAbove");
      warnAbove = Check.positive(handles, "warnAbove");
      return this;
    }

    /**
     * Sets who runs the tasks of schedulers; a few threads of the manager's own if not set, which are virtual from JDK 24
     * on. The manager does not shut it down. A task it refuses runs on a thread of the manager's own, and is logged. What
     * hangs on a timeout runs on threads of the manager's own in any case, since it must not wait for tasks.
     *
     * @param runner runs what it is given, on any thread, at once or later
     * @return this builder
     */
    public Builder executor(Executor runner) {
      once(executor, "executor");
      executor = Check.notNull(runner, "executor");
      return this;
    }

    /**
     * Has tasks and closers run in something of yours: the logging or tracing context of whoever gave them, for example. The
     * function is called on the thread that gives a task, and once for it however often it runs; what it returns is run in the
     * place of the task, on whatever thread that runs on. Nothing passes through it if not set.
     *
     * <p>It is called for the tasks of schedulers and their executors, the bodies of retries that go on by themselves, and for
     * everything that closes a resource, a subscription or a share; and, on the timer thread, for what tells a removal
     * listener of entries that expired. Other listeners and the bodies of limited calls run on their caller's thread and see
     * what that sees.
     *
     * <p>No task is lost: one for which the function throws or returns null runs without it, as does one that what it returned
     * did not run, and the log says so. What a task throws passes through and is the outcome of the task, even if it was caught
     * on the way.
     *
     * @param decorator given a task, returns what runs it, once and on the same thread; thread-safe
     * @return this builder
     */
    public Builder taskDecorator(UnaryOperator<Runnable> decorator) {
      once(taskDecorator, "taskDecorator");
      taskDecorator = Check.notNull(decorator, "taskDecorator");
      return this;
    }

    /**
     * Sets who is told of what happens; nobody if not set.
     *
     * @param told called on the threads on which things happen; see {@link CleanupListener}
     * @return this builder
     */
    public Builder listener(CleanupListener told) {
      once(listener, "listener");
      listener = Check.notNull(told, "listener");
      return this;
    }

    /**
     * Makes the manager visible through JMX until it has closed, as {@code io.leaksafe:type=CleanupManager,name="..."}; a
     * further one of the same name has {@code number=2} behind that, and so on. It shows the state, the live handles as
     * numbers, as text and as a table, and what a {@code HealthMonitor} of this manager says; the operation {@code check} is
     * {@link CleanupManager#check}. It takes the module {@code java.management}; without that the log says so, and everything
     * else works.
     *
     * @return this builder
     */
    public Builder jmx() {
      once(jmx, "jmx");
      jmx = true;
      return this;
    }

    /**
     * Sets where the time comes from; {@link TimeSource#system()} if not set.
     *
     * @param source for example the testkit's virtual time
     * @return this builder
     */
    public Builder timeSource(TimeSource source) {
      once(timeSource, "timeSource");
      timeSource = Check.notNull(source, "timeSource");
      return this;
    }

    /**
     * Makes the manager.
     *
     * @return an open manager without threads
     * @throws IllegalStateException if {@code sampleEvery} is set and {@code tracking} is not ADVANCED, or {@code
     *     warnAfter} or {@code warnAbove} is set and tracking is DISABLED, or {@code haltAfter} is not longer than {@code
     *     drainDelay} and {@code timeout} together
     */
    public CleanupManager build() {
      Tracking level = tracking == null ? Tracking.SIMPLE : tracking;
      if (sampleEvery != null && level != Tracking.ADVANCED) {
        throw new IllegalStateException(
            "sampleEvery(" + sampleEvery + ") has no effect under tracking " + level
                + ". Use tracking(ADVANCED), or leave it out.");
      }
      if ((warnAfter != null || warnAbove != null) && level == Tracking.DISABLED) {
        throw new IllegalStateException(
            "warnAfter and warnAbove have no effect under tracking DISABLED. "
                + "Use tracking(SIMPLE), or leave them out.");
      }
      Duration total = timeout == null ? Duration.ofSeconds(5) : timeout;
      refuseEarlyHalt(total);
      RootScope manager = new RootScope(
          name,
          new Settings(
              total,
              drainDelay,
              haltAfter,
              level,
              sampleEvery == null ? 128 : sampleEvery,
              warnAfter,
              warnAbove == null ? 1_000 : warnAbove,
              executor,
              taskDecorator,
              listener,
              timeSource == null ? TimeSource.system() : timeSource));
      if (jmx != null) {
        manager.publish();
      }
      return manager;
    }

    private void refuseEarlyHalt(Duration total) {
      Duration drain = drainDelay == null ? Duration.ZERO : drainDelay;
      if (haltAfter != null && haltAfter.minus(drain).compareTo(total) <= 0) {
        throw new IllegalStateException("haltAfter(" + Text.duration(haltAfter) + ") of '" + name
            + "' would halt the JVM before the close has had its time: drainDelay "
            + Text.duration(drain)
            + ", timeout " + Text.duration(total) + ". Make it longer than both together.");
      }
    }

    private void once(@Nullable Object value, String what) {
      if (value != null) {
        Object shown = value instanceof Duration time ? Text.duration(time) : value;
        throw new IllegalStateException(
            what + " of '" + name + "' is set twice, first to " + shown + ". Set it once.");
      }
    }
  }
}
