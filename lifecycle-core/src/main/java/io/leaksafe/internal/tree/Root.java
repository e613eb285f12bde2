package io.leaksafe.internal.tree;

import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.timer.TimerEngine;
import io.leaksafe.time.TimeSource;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all nodes of one tree share: the time, the settings, the timer engine, and who waits for what to close. */
public final class Root {

  /** How long a run that was interrupted may take to end; as long as the longest grace of a close. */
  private static final long OBEY_NANOS = 50_000_000;

  /** As far as is looked along threads that wait for each other. */
  private static final int LONGEST_CHAIN = 100;

  /** Where its time comes from. */
  public final TimeSource time;

  /** Runs its timers. */
  public final TimerEngine engine;

  /** Told what happens. */
  public final Events events;

  /** The context class loader of the thread that made it, which closers and tasks see. */
  public final @Nullable ClassLoader loader;

  /** How much is recorded. */
  public final Tracking tracking;

  /** Held while something moves from one owner to another. */
  final ReentrantLock moving = new ReentrantLock();

  final boolean samples;
  final int sampleEvery;
  final int warnAbove;
  final boolean fineClock;
  final boolean listening;

  /** Whether the JVM exits, so that nothing new should come; written by whoever closes the root then. */
  public volatile boolean draining;

  /** Set if every handle has a limit to its age. */
  final @Nullable AgeWatch ages;

  /** Handles with a limit of their own; the same watch, if there is one for all. */
  final AgeWatch agesApart;

  /** What the tasks and closers of users pass through; null if nothing. Written before anything is opened. */
  @Nullable
  UnaryOperator<Runnable> decorator;

  private volatile @Nullable Supplier<Map<String, Object>> health;
  private final LostWatch lostWatch = new LostWatch(this);
  private final long bornNanos;
  private final Instant bornAt;
  private final ConcurrentMap<Thread, Node> waiting = new ConcurrentHashMap<>();
  private final ConcurrentMap<Thread, Waiting> awaitedRuns = new ConcurrentHashMap<>();
  private final AtomicInteger signals = new AtomicInteger();
  private final Set<Thread> parked = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<Node, Runnable> afterEnd = new ConcurrentHashMap<>();
  private @Nullable OwnerNode top;

  /**
   * Makes the shared part of a tree, without threads.
   *
   * @param name           what threads are named after
   * @param time           where the time comes from
   * @param tracking       how much is recorded
   * @param sampleEvery    how many openings share a stack under ADVANCED
   * @param warnAbove      how many live handles of one name are many
   * @param warnAfterNanos how old a handle may become; zero for any age
   * @param executor       runs tasks; null for workers of its own
   * @param events         told what happens
   */
  public Root(
      String name,
      TimeSource time,
      Tracking tracking,
      int sampleEvery,
      int warnAbove,
      long warnAfterNanos,
      @Nullable Executor executor,
      Events events) {
    this.time = time;
    this.loader = Thread.currentThread().getContextClassLoader();
    this.engine = new TimerEngine(name, time, loader, executor);
    this.tracking = tracking;
    this.samples = tracking == Tracking.ADVANCED || tracking == Tracking.PARANOID;
    this.sampleEvery = tracking == Tracking.PARANOID ? 1 : sampleEvery;
    this.warnAbove = warnAbove;
    this.fineClock = time == TimeSource.system();
    this.events = events;
    this.listening = events.listening();
    this.agesApart = new AgeWatch(this, warnAfterNanos);
    this.ages = warnAfterNanos == 0 ? null : agesApart;
    this.bornNanos = time.nanoTime();
    this.bornAt = time.instant();
  }

  /** Has the tasks and closers of users pass through a decorator; before anything is opened. */
  public void decorateBy(@Nullable UnaryOperator<Runnable> users) {
    decorator = users;
  }

  /** Whether they pass through one. */
  public boolean decorates() {
    return decorator != null;
  }

  /** Has the flight recorder know of the end of a node. */
  void recordEnd(Node node) {
    if (Flight.recordsClosings()) {
      Flight.closed(node.path(), node.kind().name(), time.nanoTime() - node.openedAt());
    }
  }

  /** Says which owner is the root, once it has been made. */
  public void top(OwnerNode owner) {
    top = owner;
  }

  /** The owner of all. */
  public OwnerNode top() {
    return Check.notNull(top, "top");
  }

  /** Finds handles that are too old. */
  public AgeWatch ageWatch() {
    return agesApart;
  }

  /** Sets what tells how the process is; of several, the latest. */
  public void healthFrom(Supplier<Map<String, Object>> teller) {
    health = teller;
  }

  /** That has ended. */
  public void healthEnds(Supplier<Map<String, Object>> teller) {
    if (health == teller) {
      health = null;
    }
  }

  /** How the process is, if somebody measures that. */
  public Map<String, Object> health() {
    Supplier<Map<String, Object>> teller = health;
    return teller == null ? Map.of() : teller.get();
  }

  /** Finds leases and scopes that were dropped. */
  public LostWatch lostWatch() {
    return lostWatch;
  }

  /** The moment of a reading of the monotonic clock, by the wall clock as it stood when the root was made. */
  public Instant instantOf(long nanoTime) {
    return bornAt.plusNanos(nanoTime - bornNanos);
  }

  /*
   * ---- waiting for a close
   *
   * Whoever waits first notes that it does and then looks; whoever changes something first changes it and then wakes those
   * that are noted. One of the two sees the other. Proof: jcstress WaiterWakeUp and WhenEndedOnce, whose twins look first.
   */

  /**
   * Parks this thread until the condition holds, the time is up or it is interrupted. While it waits, it counts as waiting
   * for the given node, so that nobody who closes that node waits for this thread in turn.
   *
   * @param node     whose close is waited for
   * @param done     looked at again after each {@link #wakeWaiters}
   * @param deadline by the monotonic clock; null for no limit
   * @return whether the condition holds
   */
  public boolean await(Node node, BooleanSupplier done, @Nullable Long deadline) {
    Thread self = Thread.currentThread();
    Node outer = beginWaiting(self, node);
    try {
      return awaitSignal(done, deadline);
    } finally {
      endWaiting(self, outer);
    }
  }

  /**
   * Waits, in a closer, for the thread that runs what is being closed; but not for this thread itself, nor for one that waits
   * for this close or, in a closer of its own, for this thread. An interrupt is passed on to the run, which then has a moment
   * to obey.
   *
   * @param node      whose closer this is
   * @param run       says which thread is waited for; looked at again after each {@link #wakeWaiters}
   * @param interrupt interrupts that thread
   * @return whether there is nothing to wait for any more; false if the run goes on in spite of the interrupt
   */
  public boolean awaitRun(Node node, Waiting run, Runnable interrupt) {
    Thread self = Thread.currentThread();
    BooleanSupplier needNot = () -> isInVain(run.waitsFor(), node, self);
    awaitedRuns.put(self, run);
    try {
      if (awaitSignal(needNot, null)) {
        return true;
      }
      Thread.interrupted(); // it is the run's now
      interrupt.run();
      return awaitSignal(needNot, time.nanoTime() + OBEY_NANOS);
    } finally {
      awaitedRuns.remove(self);
    }
  }

  /** Whether it makes no sense that a closer of the node waits for the thread. */
  private boolean isInVain(@Nullable Thread running, Node node, Thread closer) {
    return running == null || waitsFor(running, node) || leadsTo(running, closer);
  }

  /** Whether the thread is that one, or waits for a run of it, be it by way of others. */
  private boolean leadsTo(Thread from, Thread to) {
    Thread each = from;
    for (int i = 0; each != null && each != to && i < LONGEST_CHAIN; i++) {
      Waiting awaited = awaitedRuns.get(each);
      each = awaited == null ? null : awaited.waitsFor();
    }
    return each == to;
  }

  /** As {@link #await}, for what a closer waits for: this thread does not count as waiting for a close. */
  public boolean awaitSignal(BooleanSupplier done, @Nullable Long deadline) {
    Thread self = Thread.currentThread();
    parked.add(self);
    try {
      for (; ; ) {
        int seen = signals.get();
        if (done.getAsBoolean()) {
          return true;
        }
        long left = deadline == null ? Long.MAX_VALUE : deadline - time.nanoTime();
        if (left <= 0 || self.isInterrupted()) {
          return false;
        }
        // The condition may take locks, and waiting for a lock swallows the permit of a wake-up
        // that comes meanwhile. So a
        // wake-up also leaves a trace in signals; from this reading on nothing here takes a lock
        // before the park.
        // Proof: jcstress WaiterWakeUp, whose twin without the trace sleeps over a wake-up.
        if (seen == signals.get()) {
          time.park(this, left);
        }
      }
    } finally {
      parked.remove(self);
    }
  }

  /** Notes that a thread waits for the close of a node from now on; returns what it was waiting for before. */
  public @Nullable Node beginWaiting(Thread thread, Node node) {
    Node outer = waiting.put(thread, node);
    wakeWaiters(); // those that wait for this thread must look again, now that it waits itself
    return outer;
  }

  /** Undoes {@link #beginWaiting}. */
  public void endWaiting(Thread thread, @Nullable Node outer) {
    if (outer == null) {
      waiting.remove(thread);
    } else {
      waiting.put(thread, outer);
    }
  }

  /** Has a task run once the node, which another thread is closing, has ended; at once if it has. */
  public void whenEnded(Node node, Runnable task) {
    afterEnd.merge(node, task, (earlier, later) -> () -> {
      earlier.run();
      later.run();
    });
    if (!node.awaitEnd()) {
      runAfterEnd(node);
    }
  }

  /** An awaited node has ended. */
  void ended(Node node) {
    wakeWaiters();
    runAfterEnd(node);
  }

  private void runAfterEnd(Node node) {
    Runnable task = afterEnd.remove(node);
    if (task != null) {
      task.run();
    }
  }

  /** Has everyone who waits look again. */
  public void wakeWaiters() {
    signals.incrementAndGet();
    parked.forEach(time::unpark);
  }

  /** Whether the thread waits for the close of the node or of something above it, so that to wait for it would be in vain. */
  public boolean waitsFor(@Nullable Thread thread, Node node) {
    Node awaited = thread == null ? null : waiting.get(thread);
    return awaited != null && node.isWithin(awaited);
  }
}
