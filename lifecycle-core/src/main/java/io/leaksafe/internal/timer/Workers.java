package io.leaksafe.internal.timer;

import io.leaksafe.internal.check.Text;
import io.leaksafe.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that run tasks: started when there is work, gone when there has been none for a while.
 *
 * <p>Those that last take tasks also after they were closed, and drop none; only the threads end as soon as there is nothing
 * to do.
 */
final class Workers {
  /*
   * Under the lock: tasks go to the queue, those that came together as one batch; an idle worker is woken, and threads are
   * started for tasks beyond the idle ones, if there is room. A worker takes from the batch at the head without the lock, by
   * counting on; if that is used up, it goes on to the next one under the lock, or notes that it is idle and parks. The last
   * worker to go idle is the first to be woken, so that the others can end. If the machine has no thread to give, the task
   * stays in the queue, for one of the workers there are or for the next try.
   *
   * Waking costs more than most tasks. So only one worker is on its way at a time; it wakes the next one when it is there
   * and finds more than it takes itself. Tasks that take long are so all begun, one wake-up after the other; of short ones
   * the first worker has done many before there is a second. Invariant, whenever the lock is free: if a task waits and a
   * worker is idle, one is on its way.
   *
   * Tasks that do not block are done by a thread for each core, and not faster by more. So there are no more than that at
   * first; if for a millisecond all of them have been busy with the same tasks while others wait, they are doubled, and so on:
   * up to some where threads are dear, and to many where they are virtual. In virtual time, which stands still, they are some
   * from the start.
   *
   * To wake a virtual thread is to wake its carrier, too, and to go through two queues on the way. So the first few are
   * platform threads everywhere, and are woken before the further ones, which are virtual where they can be: those are left
   * to tasks that block, and end when there are no more of these.
   *
   * Proof: jcstress SubmitAgainstIdle, whose twin looks and goes idle in two steps and sleeps over a task.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class.getPackageName());
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int SOME = Math.max(8, 2 * CORES);
  private static final int MANY = 10_000;
  private static final int FIRST_WITH_MANY = 24;
  private static final long RETRY_NANOS = 1_000_000_000;
  private static final long STALL_NANOS = 1_000_000;
  private static final long KEEP_IDLE_NANOS = 5_000_000_000L;

  private final String prefix;
  private final TimeSource time;
  private final @Nullable ClassLoader loader;
  private final LongConsumer callAgain;
  private int few;
  private int most;
  private final boolean last;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Batch> queue = new ArrayDeque<>();
  private final ArrayDeque<Thread> idle = new ArrayDeque<>();
  private final ArrayDeque<Thread> idleFurther = new ArrayDeque<>();
  private final Set<Thread> threads = new LinkedHashSet<>();
  private final Set<Thread> busy = new LinkedHashSet<>();
  private volatile Batch head = Batch.NONE;
  private final Runnable body;
  private final Runnable furtherBody;
  private int started;

  /** How many of the first few there are. */
  private int first;

  private int queued;
  private long added;
  private long takenBefore;
  private int ended;
  private boolean looking;
  private boolean onItsWay;
  private int starting;
  private boolean closed;

  /** Makes workers without threads; {@code callAgain} arranges for a call of {@link #look} so many nanoseconds from now. */
  Workers(String prefix, TimeSource time, @Nullable ClassLoader loader, LongConsumer callAgain) {
    this(prefix, time, loader, callAgain, false, UnaryOperator.identity());
  }

  /** As above; those that last run every task they were ever given, and what their threads run is wrapped. */
  Workers(
      String prefix,
      TimeSource time,
      @Nullable ClassLoader loader,
      LongConsumer callAgain,
      boolean last,
      UnaryOperator<Runnable> wrapped) {
    this.last = last;
    this.body = wrapped.apply(() -> run(true));
    this.furtherBody = wrapped.apply(() -> run(false));
    this.prefix = prefix;
    this.time = time;
    this.loader = loader;
    this.callAgain = callAgain;
    boolean real = time == TimeSource.system();
    this.few = real ? Math.max(2, CORES) : SOME;
    this.most = real && Runtime.version().feature() >= FIRST_WITH_MANY ? MANY : SOME;
  }

  /** For tests: has other numbers of threads, the few and the most, than those of this machine; before the first task. */
  void sized(int itsFew, int itsMost) {
    few = itsFew;
    most = itsMost;
  }

  boolean execute(Runnable task) {
    return execute(new Batch(task));
  }

  /** Runs several tasks; the list may be changed afterwards. */
  boolean executeAll(List<Runnable> tasks) {
    return tasks.isEmpty() || execute(new Batch(tasks.toArray(new Runnable[0])));
  }

  private boolean execute(Batch batch) {
    Thread wake;
    long again = Long.MAX_VALUE;
    lock.lock();
    try {
      if (closed && !last) {
        return false;
      }
      queue.add(batch);
      queued += batch.size();
      added += batch.size();
      wake = nextToWake();
      int beyond = waiting() - idle.size() - idleFurther.size() - starting - (onItsWay ? 1 : 0);
      if (beyond > 0 && (!looking || first < few)) {
        again = start(Math.min(beyond, few - first));
        takenBefore = added - waiting();
        looking = again != Long.MAX_VALUE;
      }
    } finally {
      lock.unlock();
    }
    unpark(wake);
    callAgain(again);
    return true;
  }

  /** Under the lock, with a task waiting: takes an idle worker to be woken, unless one is on its way. */
  private @Nullable Thread nextToWake() {
    if (onItsWay) {
      return null;
    }
    Thread next = idle.isEmpty() ? idleFurther.pollLast() : idle.pollLast();
    onItsWay = next != null;
    return next;
  }

  private void unpark(@Nullable Thread worker) {
    if (worker != null) {
      time.unpark(worker);
    }
  }

  private void callAgain(long nanos) {
    if (nanos != Long.MAX_VALUE) {
      callAgain.accept(nanos);
    }
  }

  /** Under the lock: adds threads, if the number is more than zero; returns when to look again. */
  private long start(int number) {
    for (int left = number; left > 0; left--) {
      if (!startOne()) {
        return RETRY_NANOS;
      }
    }
    return first >= few && alive() < most ? STALL_NANOS : Long.MAX_VALUE;
  }

  /** Adds threads if tasks wait for one that could not be started, or if those there are do not get on. */
  void look() {
    long again = Long.MAX_VALUE;
    lock.lock();
    try {
      looking = false;
      int waiting = waiting();
      long taken = added - waiting;
      if ((!closed || last) && waiting > 0) {
        boolean stalled = taken == takenBefore && first >= few;
        int room = stalled ? Math.min(alive(), most - alive()) : few - first;
        again = start(Math.min(waiting, room));
        looking = again != Long.MAX_VALUE;
      }
      takenBefore = taken;
    } finally {
      lock.unlock();
    }
    callAgain(again);
  }

  /** Passes on each task that no worker has taken. */
  void forEachWaiting(Consumer<? super Runnable> consumer) {
    lock.lock();
    try {
      head.forEachLeft(consumer);
      queue.forEach(batch -> batch.forEachLeft(consumer));
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock: how many tasks no worker has taken. */
  private int waiting() {
    return queued + head.left();
  }

  /** Under the lock: how many threads there are, without those that have ended but not been forgotten. */
  private int alive() {
    return threads.size() - ended;
  }

  /** Under the lock: adds a thread, of the first few if they are fewer; false if the machine has none to give. */
  private boolean startOne() {
    try {
      String name = prefix + ++started;
      if (first < few) {
        threads.add(time.startThread(name, body));
        first++;
      } else {
        threads.add(time.startWorker(name, furtherBody));
      }
      starting++;
      return true;
    } catch (Throwable noThread) { // late is better than never
      LOG.warn(
          "No thread '{}{}' could be started; {} wait for {}. It will be tried again.",
          prefix,
          started,
          Text.count(waiting(), "task"),
          Text.count(threads.size(), "thread"),
          noThread);
      return false;
    }
  }

  void close() {
    List<Thread> wake;
    lock.lock();
    try {
      closed = true;
      if (!last) {
        queue.clear();
        queued = 0;
        head.drop();
      }
      wake = new ArrayList<>(idle);
      wake.addAll(idleFurther);
      idle.clear();
      idleFurther.clear();
    } finally {
      lock.unlock();
    }
    wake.forEach(time::unpark);
  }

  List<Thread> idleThreads() {
    lock.lock();
    try {
      List<Thread> ending = new ArrayList<>(threads);
      ending.removeAll(busy);
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private void run(boolean isFirst) {
    Thread self = Thread.currentThread();
    boolean goesOn = runNext(self, isFirst, true);
    while (goesOn) {
      goesOn = runNext(self, isFirst, false);
    }
  }

  /** Runs the next task, to which nothing here refers once it has run; false if this worker has to end. */
  private boolean runNext(Thread self, boolean isFirst, boolean arrives) {
    Runnable task = arrives ? nextOfQueue(self, isFirst, true) : next(self, isFirst);
    if (task == null) {
      return false;
    }
    self.setContextClassLoader(loader);
    try {
      task.run();
    } catch (Throwable failure) { // a task's failure must not end the worker
      LOG.error("A task failed on '{}'.", self.getName(), failure);
    } finally {
      self.setContextClassLoader(null);
      Thread.interrupted(); // what was meant for the task must not reach the next one
    }
    return true;
  }

  /** Returns the next task, or null if this worker has to end. */
  private @Nullable Runnable next(Thread self, boolean isFirst) {
    Runnable next = head.take();
    return next == null ? nextOfQueue(self, isFirst, false) : next;
  }

  /** Returns the next task of the queue, for which it waits; a worker that arrives counts as starting until it has looked here. */
  private @Nullable Runnable nextOfQueue(Thread self, boolean isFirst, boolean arrives) {
    ArrayDeque<Thread> idlers = isFirst ? idle : idleFurther;
    long idleSince = time.nanoTime();
    for (boolean wasIdle = false; ; wasIdle = true) {
      long left = KEEP_IDLE_NANOS - (time.nanoTime() - idleSince);
      Runnable task;
      Thread wake = null;
      lock.lock();
      try {
        busy.remove(self);
        if (wasIdle && !idlers.remove(self)) {
          onItsWay = false; // it was this one, and it is here
        } else if (arrives && !wasIdle) {
          starting--;
        }
        task = poll();
        if (task != null) {
          busy.add(self);
          wake = waiting() > 0 ? nextToWake() : null;
        } else if (closed) {
          ended += last ? 1 : 0;
          first -= isFirst ? 1 : 0;
          return null; // stays in threads, for whoever joins them
        } else if (left <= 0) {
          threads.remove(self);
          first -= isFirst ? 1 : 0;
          return null;
        } else {
          idlers.addLast(self);
        }
      } finally {
        lock.unlock();
      }
      if (task != null) {
        unpark(wake);
        return task;
      }
      time.park(this, left);
      Thread.interrupted(); // nothing to interrupt here, and a set flag would make it spin
    }
  }

  /** Under the lock: takes a task, of the next batch if the one at the head is used up. */
  private @Nullable Runnable poll() {
    for (; ; ) {
      Runnable task = head.take();
      if (task != null) {
        return task;
      }
      Batch next = queue.poll();
      head = next == null ? Batch.NONE : next;
      if (next == null) {
        return null;
      }
      queued -= next.size();
    }
  }
}
