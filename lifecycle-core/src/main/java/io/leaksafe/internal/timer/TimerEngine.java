package io.leaksafe.internal.timer;

import io.leaksafe.internal.wheel.Due;
import io.leaksafe.internal.wheel.Wheels;
import io.leaksafe.internal.wheel.Wheels.Added;
import io.leaksafe.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires the timers of one root on one thread, which starts with the first of them and sleeps until the next is due.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class TimerEngine {
  /*
   * Idea. The wheels hold the timers; this owns the thread that asks them. While it is up it looks at everything, so nobody
   * wakes it; before it parks it says until when, in sleepsUntil.
   *
   * Wake-up. Whoever adds a timer first lowers the wake of a stripe and then reads sleepsUntil; the thread first writes
   * sleepsUntil and then reads every wake. Between each pair there is a full fence. Without it either side may read before its
   * own write is visible: the adder sees AWAKE, the thread sees no timer, and it sleeps over it. Of several adders, the one
   * that lowers sleepsUntil by CAS unparks; a timer that is later than that wakes nobody. An unpark that comes between the
   * last look and the park makes that return at once. Proof: jcstress WakeUpHandshake, whose twin has no fence.
   *
   * Lateness. A system lets a thread sleep longer than it asked for, so as to wake several at once: Linux up to 50 microseconds, by
   * default. So before a long sleep the thread asks for that much less, and waits for what may be left of it by looking at the
   * clock, which is a tenth of its time at most. Where timers are due all the time, what they are late by lets several
   * go at once. Time that is not the system's passes only while the thread is parked, and is exact.
   *
   * The lock guards the thread and the phase. Every adder looks whether there is a thread; so if one that could not be started
   * was to serve several, each of them is told.
   *
   * Closing. The wheels refuse first, each stripe under its lock, so a timer is either refused or forgotten with the rest.
   * Proof: jcstress ScheduleAgainstClose.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimerEngine.class.getPackageName());
  private static final long RECOVERY_NANOS = 10_000_000;
  private static final long SETTLE_NANOS = 100_000_000;
  private static final long SLACK_NANOS = 50_000;
  private static final long LONG_SLEEP_NANOS = 10 * SLACK_NANOS;
  private static final int PORTION = 512;
  private static final long AWAKE = Long.MIN_VALUE;
  private static final VarHandle SLEEPS_UNTIL;

  static {
    try {
      SLEEPS_UNTIL =
          MethodHandles.lookup().findVarHandle(TimerEngine.class, "sleepsUntil", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final TimeSource time;
  private final boolean aimsEarly;
  private final Wheels wheels;
  private final @Nullable ClassLoader loader;
  private final @Nullable Executor executor;
  private final Workers workers;
  private final Workers completers;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> tasks = new ArrayList<>();
  private final List<Runnable> completions = new ArrayList<>();
  private final TimerGroup own;
  private final Timer look = new Own() {
    @Override
    protected void fire() {
      workers.look();
    }
  };
  private final Timer lookAtCompleters = new Own() {
    @Override
    protected void fire() {
      completers.look();
    }
  };
  private final AtomicBoolean settles = new AtomicBoolean();
  private final Timer settle = new Own() {
    @Override
    protected void fire() {
      settles.set(false); // first, so that whoever cancels from here on has it scheduled again
      wheels.settle();
    }
  };
  private volatile @Nullable Thread thread;
  private volatile boolean closed;
  private volatile Supplier<List<String>> listing = List::of;
  private volatile BiConsumer<String, Throwable> failures = (what, failure) -> {};

  /** Whether the timer thread has asked to be woken before the next timer is due; its own. */
  private boolean early;

  @SuppressWarnings("unused") // through SLEEPS_UNTIL
  private long sleepsUntil = AWAKE;

  /**
   * Makes an engine without threads.
   *
   * @param name     what its threads are named after
   * @param time     where the time comes from
   * @param loader   the context class loader its tasks see
   * @param executor runs the tasks; null for workers of its own
   */
  public TimerEngine(
      String name, TimeSource time, @Nullable ClassLoader loader, @Nullable Executor executor) {
    this.name = name;
    this.time = time;
    this.loader = loader;
    this.executor = executor;
    this.aimsEarly = time == TimeSource.system();
    this.wheels = aimsEarly
        ? Wheels.striped(time.nanoTime(), this::settleLater)
        : Wheels.exact(time.nanoTime());
    this.own = new TimerGroup(this, wheels);
    this.workers = new Workers(
        name + "-worker-", time, loader, nanos -> lookAgain(look, nanos), false, this::ofMine);
    this.completers = new Workers(
        name + "-timeout-",
        time,
        loader,
        nanos -> lookAgain(lookAtCompleters, nanos),
        true,
        this::ofMine);
  }

  private Runnable ofMine(Runnable body) {
    return new EngineThread(this, body);
  }

  // ---- what virtual time asks, which has no other way to know of timers and tasks

  /** Says who can tell what users have pending here, in words. */
  public void listedBy(Supplier<List<String>> words) {
    listing = words;
  }

  /** What users have pending here, in words; nothing if nobody has said who can tell. */
  public List<String> listing() {
    return listing.get();
  }

  /** Says who wants to know of tasks that fail. */
  public void onTaskFailure(BiConsumer<String, Throwable> told) {
    failures = told;
  }

  /** Tells of a task that failed, besides the log. */
  public void taskFailed(String what, Throwable failure) {
    failures.accept(what, failure);
  }

  /** Makes a group of timers that end together. */
  public TimerGroup group() {
    return new TimerGroup(this, wheels);
  }

  /**
   * Has a timer fire once. It must not be pending, nor be scheduled or cancelled by another thread at the same time.
   *
   * @param due by the monotonic clock; in the past means at once
   * @return false if this engine is closed, or the timer's group sealed, so that it will never fire
   */
  public boolean schedule(Timer timer, long due) {
    Added added = wheels.add(timer, due);
    if (added == Added.REFUSED) {
      return false;
    }
    if (thread == null) {
      startFor(timer);
    } else if (added == Added.EARLIER) {
      VarHandle.fullFence();
      wake();
    }
    return true;
  }

  /** Wakes the thread if it means to sleep for longer than it may. */
  private void wake() {
    long wake = wheels.wake();
    for (long until = (long) SLEEPS_UNTIL.getVolatile(this);
        wake < until;
        until = (long) SLEEPS_UNTIL.getVolatile(this)) {
      if (SLEEPS_UNTIL.compareAndSet(this, until, wake)) {
        unpark();
        return;
      }
    }
  }

  private void unpark() {
    Thread sleeper = thread;
    if (sleeper != null && sleeper != Thread.currentThread()) {
      time.unpark(sleeper);
    }
  }

  private void startFor(Timer added) {
    lock.lock();
    try {
      if (thread == null && !closed) {
        thread = time.startThread(name + "-timer", ofMine(this::run));
      }
    } catch (Throwable noThread) { // nothing half-scheduled may stay behind
      wheels.disarm(added);
      throw noThread;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps a timer without a group from firing. It may be scheduled again.
   *
   * @return whether it would have fired
   */
  public boolean cancel(Timer timer) {
    return wheels.disarm(timer);
  }

  /**
   * Runs a task on a worker, as soon as one is free. On the timer thread, that is once all that is due has been fired.
   *
   * @param task what it throws is logged
   * @return false if this engine is closed, so that the task will never run
   */
  public boolean execute(Runnable task) {
    if (thread == Thread.currentThread()) {
      tasks.add(task);
      return !closed;
    }
    if (closed) {
      return false;
    }
    return passOn(task) || workers.execute(task);
  }

  /**
   * Ends somebody's wait: runs what completes a result, and whatever of a user's hangs on that. It has threads of its own, so
   * that no timeout is late because tasks are long, and it runs also while this engine closes, and after, so that nobody waits
   * for ever. On the timer thread, that is once all that is due has been fired.
   *
   * @param task what it throws is logged
   */
  public void complete(Runnable task) {
    if (thread == Thread.currentThread()) {
      completions.add(task);
    } else {
      completers.execute(task);
    }
  }

  /** Has the user's executor run a task; false if there is none, or it does not want to. */
  private boolean passOn(Runnable task) {
    if (executor == null) {
      return false;
    }
    try {
      executor.execute(() -> runElsewhere(task));
      return true;
    } catch (Throwable refused) { // a task must run all the same
      LOG.warn(
          "The executor of '{}' did not take a task, which runs on a thread of the library's instead.",
          name,
          refused);
      return false;
    }
  }

  private void runElsewhere(Runnable task) {
    Thread self = Thread.currentThread();
    ClassLoader before = self.getContextClassLoader();
    self.setContextClassLoader(loader);
    try {
      task.run();
    } finally {
      self.setContextClassLoader(before);
    }
  }

  /** Has what is cancelled, and on its way to where it stands, arrive there before long. */
  private void settleLater() {
    if (!settles.get() && settles.compareAndSet(false, true)) {
      schedule(settle, time.nanoTime() + SETTLE_NANOS);
    }
  }

  /** Has workers look again at whether they are enough, a while from now. */
  private void lookAgain(Timer their, long nanos) {
    lock.lock();
    try {
      cancel(their);
      schedule(their, time.nanoTime() + nanos);
    } catch (Throwable noThread) { // the tasks wait for the next one to bring a thread
      LOG.warn(
          "No thread '{}-timer' could be started either; the next task tries again.",
          name,
          noThread);
    } finally {
      lock.unlock();
    }
  }

  /** The timers of a group that were due and wait for a worker: those that are passed to {@link #execute} as tasks. */
  List<Timer> waiting(TimerGroup group) {
    List<Timer> found = new ArrayList<>();
    workers.forEachWaiting(task -> {
      if (task instanceof Timer timer && timer.timers() == group) {
        found.add(timer);
      }
    });
    return found;
  }

  /** How many timers are pending that somebody scheduled. */
  public int pending() {
    return wheels.count() - wheels.count(own);
  }

  /** A timer of the engine itself, which does not count. */
  private abstract class Own extends Timer {
    @Override
    protected TimerGroup timers() {
      return own;
    }
  }

  /** Ends it: no timer fires any more, no task starts, idle threads end, busy ones when their task does. */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    wheels.close();
    unpark();
    workers.close();
    completers.close();
  }

  /** The threads that end, or have ended, because of {@link #close}; not those that are still running a task. */
  public List<Thread> endingThreads() {
    List<Thread> ending = new ArrayList<>(workers.idleThreads());
    ending.addAll(completers.idleThreads());
    Thread timerThread = thread;
    if (timerThread != null) {
      ending.add(timerThread);
    }
    return ending;
  }

  // ---- on the timer thread

  private void run() {
    Due due = new Due(PORTION);
    while (!closed) {
      try {
        goOn(due);
      } catch (Throwable failure) { // without this thread nothing would ever be due again
        LOG.error("The timer thread of '{}' failed; it goes on in a moment.", name, failure);
        time.park(this, RECOVERY_NANOS);
      }
    }
  }

  private void goOn(Due due) {
    boolean more = wheels.takeDue(time.nanoTime(), due);
    fire(due);
    if (!more) {
      sleep();
    }
  }

  private void fire(Due due) {
    due.sort();
    for (int i = 0; i < due.size(); i++) {
      Timer timer = (Timer) due.get(i);
      try {
        // One of a group has left it, and is told by nobody else, even if this has been closed
        // meanwhile.
        if (timer.timers() != null || !closed && timer.begin()) {
          timer.fire();
        }
      } catch (Throwable failure) { // one timer's failure must not end the others
        LOG.error("A timer of the library failed; the others go on.", failure);
      }
    }
    due.clear();
    completers.executeAll(completions);
    completions.clear();
    if (!tasks.isEmpty()) {
      tasks.removeIf(this::passOn);
      workers.executeAll(tasks);
      tasks.clear();
    }
  }

  /** Parks until the next timer is due or an earlier one comes. */
  private void sleep() {
    long until;
    do {
      until = wheels.wake();
      SLEEPS_UNTIL.setVolatile(this, until);
      VarHandle.fullFence();
    } while (wheels.wake() < until);
    long now = time.nanoTime();
    long nanos = wheels.nanosUntil(until, now);
    boolean awake = early && nanos <= SLACK_NANOS;
    if (nanos > 0 && !awake && !closed) {
      early = aimsEarly && nanos >= LONG_SLEEP_NANOS && nanos != Long.MAX_VALUE;
      time.park(this, early ? nanos - SLACK_NANOS : nanos);
      Thread
          .interrupted(); // there is nothing to interrupt here, and a set flag would make this spin
    }
    SLEEPS_UNTIL.setVolatile(this, AWAKE);
    if (awake) {
      early = false;
      spinUntil(now + nanos);
    }
  }

  private void spinUntil(long nanoTime) {
    while (time.nanoTime() - nanoTime < 0 && !closed) {
      Thread.onSpinWait();
    }
  }
}
