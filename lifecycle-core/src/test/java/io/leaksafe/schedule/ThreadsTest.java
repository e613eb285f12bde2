package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // the log tells what became of it
class ThreadsTest extends SchedulerTestCase {

  private final OutOfMemoryError noThread = new OutOfMemoryError("no thread to give");

  /** A machine that refuses threads whose names end as given, as long as there is such an ending. */
  private final class Stingy extends Forwarding {
    private final AtomicReference<String> refused = new AtomicReference<>("nothing");
    private final AtomicInteger refusals = new AtomicInteger();

    Stingy() {
      super(time);
    }

    @Override
    public Thread startThread(String name, Runnable body) {
      if (name.contains(refused.get())) {
        refusals.incrementAndGet();
        throw noThread;
      }
      return super.startThread(name, body);
    }
  }

  // ---- threads that cannot be started

  @Test
  void every_timerThreadCannotBeStarted_throwsAndLeavesNothing() throws Exception {
    Stingy machine = new Stingy();
    CleanupManager other = CleanupManager.builder("other").timeSource(machine).build();
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(other, "timers");
    machine.refused.set("-timer");
    assertThatThrownBy(() -> own.every("sweep", ofSeconds(1), logs("sweep"))).isSameAs(noThread);
    assertThatThrownBy(() -> own.after(ofSeconds(1), logs("redial"))).isSameAs(noThread);
    assertThat(own.size()).isZero();
    assertThat(keysOf(own)).isEmpty();
    assertThat(other.handles()).hasSize(1);

    machine.refused.set("nothing");
    own.every("sweep", ofSeconds(1), logs("sweep"));
    time.advance(ofSeconds(2));
    assertThat(log).containsExactly("1000 sweep", "2000 sweep");
    assertThat(time.call(other::shutdown).clean()).isTrue();
  }

  @Test
  void schedule_timerThreadCannotBeStarted_throwsAndLeavesNothing() throws Exception {
    Stingy machine = new Stingy();
    CleanupManager other = CleanupManager.builder("other").timeSource(machine).build();
    ScheduledExecutorService executor =
        ManagedScheduler.in(other, "timers").asScheduledExecutorService();
    machine.refused.set("-timer");
    assertThatThrownBy(() -> executor.schedule(() -> log("late"), 1, TimeUnit.SECONDS))
        .isSameAs(noThread);
    executor.shutdown();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(time.call(other::shutdown).clean()).isTrue();
  }

  @Test
  void every_firstWorkerCannotBeStarted_runsLateAndGoesOn() throws Exception {
    Stingy machine = new Stingy();
    CleanupManager other = CleanupManager.builder("other").timeSource(machine).build();
    ManagedScheduler own = ManagedScheduler.in(other, "timers");
    machine.refused.set("-worker-");
    own.every("sweep", ofSeconds(5), logs("sweep"));
    own.after(ofSeconds(6), logs("redial"));
    time.advance(ofMillis(7_500));
    assertThat(log).isEmpty();
    assertThat(machine.refusals.get()).isGreaterThan(1);

    machine.refused.set("nothing");
    time.advance(ofSeconds(8));
    assertThat(log).hasSize(3);
    assertThat(log.get(0)).endsWith(" sweep");
    assertThat(log.get(1)).endsWith(" redial");
    assertThat(log.get(2)).endsWith(" sweep");
    assertThat(time.call(other::shutdown).clean()).isTrue();
  }

  @Test
  void every_secondWorkerCannotBeStarted_waitsForTheFirst() throws Exception {
    Stingy machine = new Stingy();
    CleanupManager other = CleanupManager.builder("other").timeSource(machine).build();
    ManagedScheduler own = ManagedScheduler.in(other, "timers");
    own.after(ofSeconds(1), takes("long", ofMillis(300)));
    machine.refused.set("-worker-2");
    own.after(ofSeconds(1), logs("short"));
    time.advance(ofSeconds(3));
    assertThat(log).containsExactly("1000 long begins", "1300 long ends", "1300 short");
    assertThat(time.call(other::shutdown).clean()).isTrue();
  }

  @Test
  void shutdown_tasksWaitForAThreadThatCannotBeStarted_endsThem() throws Exception {
    Stingy machine = new Stingy();
    CleanupManager other = CleanupManager.builder("other").timeSource(machine).build();
    ManagedScheduler own = ManagedScheduler.in(other, "timers");
    machine.refused.set("-worker-");
    own.every("sweep", ofSeconds(1), logs("sweep"));
    time.advance(ofSeconds(2));
    assertThat(time.call(other::shutdown).clean()).isTrue();
    assertThat(log).isEmpty();
    assertThat(OwnerNode.of(other).root().engine.pending()).isZero();
  }

  // ---- what tasks see

  @Test
  void every_task_hasTheContextClassLoaderOfTheManagersCreator() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader mine = new ClassLoader(null) {};
    Thread.currentThread().setContextClassLoader(mine);
    CleanupManager other;
    try {
      other = CleanupManager.builder("other").timeSource(time).build();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    List<ClassLoader> seen = new CopyOnWriteArrayList<>();
    ManagedScheduler own = ManagedScheduler.in(other, "timers");
    own.every("sweep", ofSeconds(1), () -> {
      seen.add(Thread.currentThread().getContextClassLoader());
      Thread.currentThread().setContextClassLoader(before); // the next run must not see this
    });
    own.asScheduledExecutorService()
        .schedule(
            () -> seen.add(Thread.currentThread().getContextClassLoader()), 1, TimeUnit.SECONDS);
    time.advance(ofSeconds(2));
    assertThat(seen).hasSize(3).containsOnly(mine);
    time.run(other::shutdown);
  }

  @Test
  void every_idleWorker_hasNoContextClassLoaderAndKeepsNoTask() {
    AtomicReference<Thread> worker = new AtomicReference<>();
    byte[] state = new byte[1_024];
    WeakReference<byte[]> reference = new WeakReference<>(state);
    runOnce(worker, state);
    state = null;
    assertThat(worker.get().getContextClassLoader()).isNull();
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }
    assertThat(reference.get()).as("what the last task used").isNull();
  }

  private void runOnce(AtomicReference<Thread> worker, byte[] state) {
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    executor.schedule(
        () -> {
          worker.set(Thread.currentThread());
          return state; // the future keeps it, so it must not be the worker that keeps the future
        },
        1,
        TimeUnit.SECONDS);
    time.advance(ofSeconds(1));
    assertThat(time.describe()).contains(worker.get().getName());
  }

  // ---- how many there are

  @Test
  void every_oneTaskAfterTheOther_runOnOneWorker() {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 10; i++) {
      timers.every(
          "task-" + i, ofMillis(100 + i), () -> names.add(Thread.currentThread().getName()));
    }
    time.advance(ofMillis(999));
    assertThat(names).containsExactly("ThreadsTest-worker-1");
  }

  @Test
  void every_manyTasksAtOnce_runOnAFewWorkers() {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      timers.after(ofSeconds(1), () -> {
        names.add(Thread.currentThread().getName());
        time.sleep(ofMillis(10));
      });
    }
    time.advance(ofSeconds(2));
    assertThat(names).hasSize(moreThanThreads() / 2);
  }

  @Test
  void every_nothingToDoForAWhile_workersEndAndTheTimerThreadStays() {
    timers.every("rare", ofSeconds(60), logs("rare"));
    time.advance(ofSeconds(60));
    assertThat(time.describe()).contains("'ThreadsTest-worker-1'");
    time.advance(ofSeconds(5));
    assertThat(time.describe()).contains("'ThreadsTest-timer'").doesNotContain("-worker-");
    time.advance(ofSeconds(55));
    assertThat(log).containsExactly("60000 rare", "120000 rare");
  }

  @Test
  void every_dueInTheMomentInWhichAWorkerGoes_runs() {
    timers.after(ofSeconds(1), logs("first"));
    timers.after(ofSeconds(6), logs("second"));
    timers.after(ofSeconds(11).plus(ofNanos(1)), logs("third"));
    time.advance(ofSeconds(12));
    assertThat(log).containsExactly("1000 first", "6000 second", "11000 third");
  }

  @Test
  void shutdown_child_leavesTheThreadsOfTheRoot() {
    Scope part = app.child("part");
    ManagedScheduler.in(part, "timers").every("sweep", ofSeconds(1), logs("sweep"));
    timers.every("tick", ofSeconds(1), logs("tick"));
    time.advance(ofSeconds(1));
    part.shutdown();
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("1000 sweep", "1000 tick", "2000 tick");
  }
}
