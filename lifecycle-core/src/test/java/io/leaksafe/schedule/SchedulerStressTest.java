package io.leaksafe.schedule;

import static java.time.Duration.ofNanos;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.tree.OwnerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Real threads and real time: whatever they do at once, no task overlaps itself, and none runs after its close returned. */
class SchedulerStressTest {

  private static final int THREADS = 4;
  private static final int OPERATIONS = 2_000;

  private final CleanupManager app = CleanupManager.create("stress");
  private final TaskScheduler timers = TaskScheduler.open(app, "timers");
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger runs = new AtomicInteger();

  private void inParallel(Work work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread = new Thread(() -> {
        try {
          start.await();
          work.run(new Random(number));
        } catch (Throwable failure) {
          wrong.add("thread " + number + " failed: " + failure);
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(Random random) throws Exception;
  }

  private void endsWithNothing() {
    CloseReport report = app.shutdown();
    assertThat(wrong).isEmpty();
    assertThat(report.clean()).as("%s", report).isTrue();
    assertThat(app.handles()).isEmpty();
    assertThat(timers.size()).isZero();
    assertThat(SchedulerTestCase.keysOf(timers)).isEmpty();
    assertThat(SchedulerTestCase.viewsOf(timers)).isEmpty();
    assertThat(OwnerNode.of(app).root().engine.pending()).isZero();
  }

  /** A task that notices when it overlaps another of its key, or runs after it was closed. */
  private Action checked(AtomicBoolean busy, AtomicBoolean closed) {
    return () -> {
      if (!busy.compareAndSet(false, true)) {
        wrong.add("overlaps");
      }
      if (closed.get()) {
        wrong.add("runs after its close");
      }
      runs.incrementAndGet();
      Thread.onSpinWait();
      busy.set(false);
    };
  }

  @Test
  void every_sameKeysFromManyThreads_neverOverlapNorRunAfterTheirClose() throws Exception {
    AtomicBoolean[] busy = new AtomicBoolean[4];
    for (int i = 0; i < busy.length; i++) {
      busy[i] = new AtomicBoolean();
    }
    inParallel(random -> {
      for (int i = 0; i < OPERATIONS; i++) {
        int key = random.nextInt(busy.length);
        AtomicBoolean closed = new AtomicBoolean();
        Handle<Action> handle = timers.every(
            "key-" + key, ofNanos(1 + random.nextInt(50_000)), checked(busy[key], closed));
        if (random.nextBoolean()) {
          handle.close();
          closed.set(true);
        }
      }
    });
    assertThat(timers.size()).isLessThanOrEqualTo(busy.length);
    endsWithNothing();
  }

  @Test
  void after_manyFromManyThreads_eachRunsOnceOrIsClosed() throws Exception {
    AtomicInteger closedInTime = new AtomicInteger();
    inParallel(random -> {
      for (int i = 0; i < OPERATIONS; i++) {
        AtomicInteger mine = new AtomicInteger();
        Handle<Action> handle = timers.after(ofNanos(random.nextInt(20_000)), () -> {
          if (mine.incrementAndGet() > 1) {
            wrong.add("ran twice");
          }
          runs.incrementAndGet();
        });
        if (random.nextInt(4) == 0) {
          handle.close();
          int after = mine.get();
          closedInTime.addAndGet(1 - after);
          if (mine.get() != after) {
            wrong.add("ran after its close");
          }
        }
      }
    });
    int expected = THREADS * OPERATIONS - closedInTime.get();
    while (runs.get() < expected && wrong.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(runs).hasValue(expected);
    endsWithNothing();
  }

  @Test
  void ownedBy_sessionsOpenedAndClosedFromManyThreads_leaveNothing() throws Exception {
    inParallel(random -> {
      for (int i = 0; i < OPERATIONS / 4; i++) {
        Scope session = app.child("session");
        AtomicBoolean closed = new AtomicBoolean();
        timers
            .ownedBy(session)
            .every(
                "heartbeat",
                ofNanos(1 + random.nextInt(20_000)),
                checked(new AtomicBoolean(), closed));
        timers.ownedBy(session).after(ofNanos(random.nextInt(20_000)), runs::incrementAndGet);
        session.close();
        closed.set(true);
      }
    });
    assertThat(SchedulerTestCase.viewsOf(timers)).isEmpty();
    endsWithNothing();
  }

  @RepeatedTest(20)
  void every_whileTheRootCloses_runsOrIsRefusedAndLeavesNothing() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    inParallel(random -> {
      if (random.nextInt(2) == 0) {
        timers.every("own-" + Thread.currentThread().getName(), ofNanos(5_000), () -> {});
      }
      for (int i = 0; i < 200; i++) {
        try {
          timers.every(
              "key-" + random.nextInt(3), ofNanos(5_000), checked(new AtomicBoolean(), closed));
          timers.ownedBy(app.child("session")).after(ofNanos(5_000), () -> {});
          if (i == 100) {
            app.shutdown();
            closed.set(true);
          }
        } catch (ClosedScopeException late) {
          refused.incrementAndGet();
        }
      }
    });
    assertThat(refused.get()).isPositive();
    endsWithNothing();
  }

  @RepeatedTest(20)
  void ownedBy_whileTheScopeCloses_leavesNoView() throws Exception {
    for (int i = 0; i < 50; i++) {
      Scope session = app.child("session");
      CyclicBarrier start = new CyclicBarrier(2);
      Thread closer = new Thread(() -> {
        await(start);
        session.shutdown();
      });
      closer.start();
      await(start);
      try {
        timers.ownedBy(session).every("heartbeat", ofNanos(5_000), () -> {});
      } catch (ClosedScopeException late) {
        runs.incrementAndGet();
      }
      closer.join();
      assertThat(session.handles()).isEmpty();
    }
    assertThat(SchedulerTestCase.viewsOf(timers)).isEmpty();
    endsWithNothing();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void scheduleAtFixedRate_cancelledFromManyThreads_leavesNothing() throws Exception {
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    inParallel(random -> {
      for (int i = 0; i < OPERATIONS; i++) {
        ScheduledFuture<?> future = executor.scheduleAtFixedRate(
            runs::incrementAndGet,
            random.nextInt(20_000),
            1 + random.nextInt(20_000),
            TimeUnit.NANOSECONDS);
        for (int spins = random.nextInt(2_000); spins > 0; spins--) {
          Thread.onSpinWait();
        }
        future.cancel(random.nextBoolean());
      }
    });
    executor.shutdown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(OwnerNode.of(app).root().engine.pending()).isZero();
    endsWithNothing();
  }

  @RepeatedTest(10)
  void submit_whileItIsShutDown_everyFutureEnds() throws Exception {
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    Queue<ScheduledFuture<?>> futures = new ConcurrentLinkedQueue<>();
    inParallel(random -> {
      for (int i = 0; i < 200; i++) {
        try {
          futures.add(executor.schedule(() -> {}, random.nextInt(50_000), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException late) {
          runs.incrementAndGet();
        }
        if (i == 100) {
          executor.shutdownNow();
        }
      }
    });
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(futures).allMatch(ScheduledFuture::isDone);
    assertThat(runs.get()).isPositive();
    endsWithNothing();
  }

  @RepeatedTest(10)
  void shutdownNow_whileTasksWaitForWorkers_beginsNoneOfThemOnceOneIsInterrupted()
      throws Exception {
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    int tasks = 200;
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicInteger late = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < tasks; i++) {
      executor.execute(() -> {
        late.addAndGet(interrupted.get() ? 1 : 0);
        runs.incrementAndGet();
        begun.countDown();
        try {
          never.await();
        } catch (InterruptedException expected) {
          interrupted.set(true);
        }
      });
    }
    begun.await();
    List<Runnable> neverBegun = executor.shutdownNow();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(late).hasValue(0);
    assertThat(neverBegun.size() + runs.get()).isEqualTo(tasks);
    endsWithNothing();
  }
}
