package com.acme.leaks;

import static com.acme.leaks.Probed.left;
import static com.acme.leaks.Probed.leftInTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ExecutorLeaksTest {

  /** A user's class that forgot to be closed. */
  private static final class Expiry implements AutoCloseable {
    final ScheduledExecutorService executor =
        Executors.newScheduledThreadPool(1, task -> new Thread(task, "order-expiry-1"));

    void start() {
      executor.scheduleAtFixedRate(() -> {}, 30, 30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }

  @Test
  void scheduledExecutor_neverShutDown_isOneRootWithItsThreadAndTask() throws Exception {
    AtomicReference<Expiry> inside = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      inside.set(new Expiry());
      inside.get().start();
    });
    inside.get().close();

    assertThat(leaks)
        .extracting(Leak::toString)
        .containsExactly("SCHEDULED EXECUTOR \"order-expiry\", never shut down");
    Leak leak = leaks.get(0);
    assertThat(leak.holds()).hasSize(2);
    assertThat(leak.holds().get(0)).startsWith("thread order-expiry-1");
    assertThat(leak.holds().get(1)).startsWith("task every 30 s, next in ");
    assertThat(leak.frames().get(0).getMethodName()).isEqualTo("<init>");
    assertThat(leak.fix()).isEqualTo("call shutdown() in ExecutorLeaksTest$Expiry.close()");
  }

  @Test
  void executor_shutDown_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(() -> {
          ExecutorService executor = Executors.newFixedThreadPool(2);
          executor.submit(() -> {}).get();
          executor.shutdown();
        }))
        .isEmpty();
  }

  /** On a busy machine threads take their time to end, however long the grace. */
  @Test
  void executor_shutDownAndIdleButNotTerminated_isNoLeak() throws Exception {
    CountDownLatch machineIsFree = new CountDownLatch(1);
    AtomicReference<ExecutorService> kept = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      SlowToEnd queue = new SlowToEnd(machineIsFree);
      kept.set(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue));
      kept.get().execute(() -> {});
      queue.taken.await();
      kept.get().shutdown();
    });
    boolean terminated = kept.get().isTerminated();
    machineIsFree.countDown();

    assertThat(terminated).isFalse();
    assertThat(leaks).isEmpty();
    assertThat(kept.get().awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void executor_terminatedButAThreadHasNotEndedYet_isNoLeak() throws Exception {
    CountDownLatch inLastSteps = new CountDownLatch(1);
    CountDownLatch machineIsFree = new CountDownLatch(1);
    AtomicReference<Thread> worker = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      ExecutorService pool = Executors.newSingleThreadExecutor(body -> {
        Thread thread = new Thread(body);
        thread.setUncaughtExceptionHandler((same, failure) -> {
          inLastSteps.countDown();
          awaitInSpite(machineIsFree);
        });
        worker.compareAndSet(null, thread);
        return thread;
      });
      pool.execute(() -> {
        throw new IllegalStateException("the task fails, and its worker with it");
      });
      inLastSteps.await();
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    });
    boolean alive = worker.get().isAlive();
    machineIsFree.countDown();
    worker.get().join();

    assertThat(alive).isTrue();
    assertThat(leaks).isEmpty();
  }

  /** Ends between the moment when it is found and the one when it is reported. */
  private static final class EndsWhenAsked extends ThreadPoolExecutor {
    private final AtomicInteger asked = new AtomicInteger();

    EndsWhenAsked() {
      super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    public boolean isTerminated() {
      if (asked.incrementAndGet() > 1) {
        shutdown();
        return ended();
      }
      return super.isTerminated();
    }

    private boolean ended() {
      try {
        return awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException unexpected) {
        throw new IllegalStateException(unexpected);
      }
    }
  }

  @Test
  void executor_endedWhileItWasDescribed_isNoLeak() throws Exception {
    AtomicReference<EndsWhenAsked> kept = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      kept.set(new EndsWhenAsked());
      kept.get().submit(() -> {}).get();
    });
    kept.get().shutdown();

    assertThat(kept.get().asked.get()).isGreaterThan(1);
    assertThat(leaks).isEmpty();
  }

  private static void awaitInSpite(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException notNow) {
      awaitInSpite(latch);
    }
  }

  /** A queue whose taker hears of its interrupt late. */
  private static final class SlowToEnd extends LinkedBlockingQueue<Runnable> {
    private static final long serialVersionUID = 1L;
    private final transient CountDownLatch taken = new CountDownLatch(1);
    private final transient CountDownLatch until;

    SlowToEnd(CountDownLatch until) {
      this.until = until;
    }

    @Override
    public Runnable take() throws InterruptedException {
      taken.countDown();
      awaitInSpite(until);
      throw new InterruptedException();
    }
  }

  @Test
  void executor_neverUsed_isNoLeak() throws Exception {
    AtomicReference<ExecutorService> kept = new AtomicReference<>();
    assertThat(left(() -> kept.set(Executors.newCachedThreadPool()))).isEmpty();
    kept.get().shutdown();
  }

  @Test
  void executor_shutDownWhileATaskHangs_isFoundWithItsThread() throws Exception {
    AtomicReference<ExecutorService> kept = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      CountDownLatch running = new CountDownLatch(1);
      kept.set(Executors.newSingleThreadExecutor());
      kept.get().execute(() -> {
        running.countDown();
        Probed.waitForever();
      });
      running.await();
      kept.get().shutdown();
    });
    kept.get().shutdownNow();

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.EXECUTOR);
    assertThat(leaks.get(0).state()).isEqualTo("shut down, but its threads do not end");
  }

  @Test
  void forkJoinPool_neverShutDown_holdsItsWorkers() throws Exception {
    AtomicReference<ForkJoinPool> kept = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      kept.set(new ForkJoinPool(1));
      kept.get().submit(() -> {}).get();
    });
    kept.get().shutdown();

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.EXECUTOR);
    assertThat(leaks.get(0).holds()).isNotEmpty();
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void threadPerTaskExecutor_withAHangingTask_holdsItsVirtualThread() throws Exception {
    AtomicReference<ExecutorService> kept = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      kept.set((ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
      kept.get().execute(Probed::waitForever);
    });
    kept.get().shutdownNow();

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.EXECUTOR);
    assertThat(leaks.get(0).holds()).hasSize(1);
  }

  @Test
  void task_pendingOnASharedScheduler_isTheProbesAndTheSchedulerIsNot() throws Exception {
    ScheduledExecutorService shared = Executors.newScheduledThreadPool(1);
    List<Leak> leaks = leftInTheEnd(() -> {
      shared.schedule(() -> {}, 1, TimeUnit.HOURS);
      shared.schedule(() -> {}, 1, TimeUnit.HOURS).cancel(false);
      shared.submit(() -> {}).get();
    });
    shared.shutdownNow();

    assertThat(leaks).hasSize(1);
    assertThat(leaks.get(0).kind()).isEqualTo(LeakKind.TASK);
    assertThat(leaks.get(0).state()).startsWith("pending in a shared ScheduledThreadPoolExecutor");
  }

  @Test
  void task_runningOnASharedPool_isTheProbesAndSoIsWhatItStarts() throws Exception {
    ExecutorService shared = Executors.newFixedThreadPool(1);
    AtomicReference<Thread> started = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      CountDownLatch running = new CountDownLatch(1);
      shared.execute(() -> {
        Thread thread = new Thread(Probed::waitForever, "by-the-task");
        thread.start();
        started.set(thread);
        running.countDown();
        Probed.waitForever();
      });
      running.await();
    });
    shared.shutdownNow();
    Probed.end(started.get());

    assertThat(leaks)
        .extracting(Leak::kind)
        .containsExactlyInAnyOrder(LeakKind.TASK, LeakKind.THREAD);
    assertThat(leaks).extracting(Leak::state).anyMatch(state -> state.startsWith("running in"));
  }

  @Test
  void workerOfASharedPool_startedForTheProbesTask_isNotTheProbes() throws Exception {
    ExecutorService shared = Executors.newFixedThreadPool(1);
    assertThat(leftInTheEnd(() -> shared.submit(() -> {}).get())).isEmpty();
    shared.shutdown();
  }

  @Test
  void orTimeout_neverCompleted_isAFutureTimer() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    List<Leak> leaks = left(() -> future.orTimeout(1, TimeUnit.HOURS));
    future.complete("done");

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.FUTURE_TIMER);
    assertThat(leaks.get(0).frames().get(0).getClassName()).startsWith("com.acme.leaks.");
  }

  @Test
  void orTimeout_completed_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(
            () -> new CompletableFuture<String>().orTimeout(1, TimeUnit.HOURS).complete("done")))
        .isEmpty();
  }

  @Test
  void delayedExecutor_withATaskPending_isAFutureTimer() throws Exception {
    List<Leak> leaks = left(() ->
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.HOURS)));

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.FUTURE_TIMER);
  }

  @Test
  void commonPool_withFinishedTasks_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(() -> {
          CompletableFuture.runAsync(() -> {}).get();
          List.of(1, 2, 3, 4).parallelStream().forEach(each -> {});
        }))
        .isEmpty();
  }
}
