package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.EXECUTOR;
import static io.leaksafe.testkit.leak.LeakKind.FUTURE_TIMER;
import static io.leaksafe.testkit.leak.LeakKind.SCHEDULED_EXECUTOR;
import static io.leaksafe.testkit.leak.LeakKind.TASK;
import static io.leaksafe.testkit.leak.LeakKind.TIMER;
import static io.leaksafe.testkit.leak.LeakKind.TIMER_TASK;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.leaksafe.testkit.junit.LeakCheck;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Executors, their tasks, and timers. */
@Unclear // what its class initialiser makes
class ExecutorScenarios {

  /** Made for all scenarios, outside of them. */
  private static final ScheduledThreadPoolExecutor SHARED =
      Later.end(new ScheduledThreadPoolExecutor(1), ExecutorService::shutdownNow);

  private static final ThreadPoolExecutor SHARED_POOL =
      Later.end((ThreadPoolExecutor) Executors.newFixedThreadPool(4), ExecutorService::shutdownNow);

  private static final Timer SHARED_TIMER =
      Later.end(new Timer("shared-timer", true), Timer::cancel);

  @BeforeAll
  static void initialise() {
    // so that this is not in the time of the first scenario
  }

  private static TimerTask task() {
    return new TimerTask() {
      @Override
      public void run() {
        Thread.yield();
      }
    };
  }

  @Test
  @Left(
      value = EXECUTOR,
      says = {"never shut down", "holds", "pool-"})
  void fixedPool() throws Exception {
    ExecutorService pool = Later.end(Executors.newFixedThreadPool(2), ExecutorService::shutdownNow);
    pool.submit(() -> {}).get();
  }

  @Test
  @Left(value = EXECUTOR, says = "holds")
  void singleThread() throws Exception {
    ExecutorService pool =
        Later.end(Executors.newSingleThreadExecutor(), ExecutorService::shutdownNow);
    pool.submit(() -> {}).get();
  }

  @Test
  @Left(value = EXECUTOR, says = "crawler-1")
  void cachedPoolWithNamedThreads() throws Exception {
    ExecutorService pool = Later.end(
        Executors.newCachedThreadPool(body -> new Thread(body, "crawler-1")),
        ExecutorService::shutdownNow);
    pool.submit(() -> {}).get();
  }

  @Test
  @Left(EXECUTOR)
  void forkJoinPool() throws Exception {
    ForkJoinPool pool = Later.end(new ForkJoinPool(2), ForkJoinPool::shutdownNow);
    pool.submit(() -> {}).get();
  }

  @Test
  @Left(EXECUTOR)
  void shutDownButStuck() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CountDownLatch running = new CountDownLatch(1);
    pool.execute(() -> {
      running.countDown();
      Later.stuck();
    });
    running.await();
    pool.shutdownNow();
  }

  @Test
  void neverUsed() {
    Later.end(
        new ThreadPoolExecutor(1, 1, 1, SECONDS, new LinkedBlockingQueue<>()),
        ExecutorService::shutdownNow);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void shutDown() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    pool.submit(() -> {}).get();
    pool.shutdown();
    pool.awaitTermination(30, SECONDS);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void shutDownAndNotAwaited() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    pool.submit(() -> {}).get();
    pool.shutdown();
  }

  @Test
  @Left(
      value = SCHEDULED_EXECUTOR,
      says = {"never shut down", "holds", "every 30 s"})
  void periodic() {
    ScheduledExecutorService timers =
        Later.end(Executors.newScheduledThreadPool(1), ExecutorService::shutdownNow);
    timers.scheduleAtFixedRate(() -> {}, 30, 30, SECONDS);
  }

  @Test
  @Left(SCHEDULED_EXECUTOR)
  void singleThreadScheduled() {
    ScheduledExecutorService timers =
        Later.end(Executors.newSingleThreadScheduledExecutor(), ExecutorService::shutdownNow);
    timers.schedule(() -> {}, 1, HOURS);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void periodicShutDown() {
    ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    timers.scheduleWithFixedDelay(() -> {}, 0, 1, MILLISECONDS);
    timers.shutdownNow();
  }

  @Test
  @Left(EXECUTOR)
  void virtualPerTaskWithARunningTask() throws Exception {
    ExecutorService pool = Later.end(Jdk.virtualExecutor(), ExecutorService::shutdownNow);
    pool.execute(Later::idle);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void virtualPerTaskShutDown() throws Exception {
    ExecutorService pool = Jdk.virtualExecutor();
    pool.submit(() -> {}).get();
    pool.shutdown();
  }

  // ---- on executors of others

  @Test
  @Left(value = TASK, says = "every 1 h")
  void periodicOnAShared() {
    Later.end(SHARED.scheduleAtFixedRate(() -> {}, 1, 1, HOURS), task -> task.cancel(false));
  }

  @Test
  @Left(TASK)
  void delayedOnAShared() {
    Later.end(SHARED.schedule(() -> {}, 1, HOURS), task -> task.cancel(false));
  }

  @Test
  @Left(TASK)
  void runningOnAShared() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    SHARED_POOL.execute(() -> {
      running.countDown();
      Later.idle();
    });
    running.await();
  }

  @Test
  @Left(value = TASK, says = "lambda in ExecutorScenarios")
  void wrappedByTheJdkOnAShared() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    new ExecutorCompletionService<Boolean>(SHARED_POOL).submit(() -> {
      running.countDown();
      Later.idle();
      return true;
    });
    running.await();
  }

  @Test
  @Unclear
  void cancelledOnAShared() {
    ScheduledFuture<?> task = SHARED.schedule(() -> {}, 1, HOURS);
    task.cancel(false); // stays in the queue until it would be due
  }

  @Test
  @Unclear
  void doneOnAShared() throws Exception {
    SHARED.schedule(() -> {}, 1, MILLISECONDS).get();
    Future<?> done = SHARED_POOL.submit(() -> {});
    done.get();
  }

  // ---- timers of CompletableFuture

  @Test
  @Left(FUTURE_TIMER)
  void orTimeout() {
    CompletableFuture<String> future = new CompletableFuture<String>().orTimeout(1, HOURS);
    Later.end(future, each -> each.cancel(false));
  }

  @Test
  @Left(value = FUTURE_TIMER, says = "lambda in ExecutorScenarios")
  void delayedExecutor() {
    CompletableFuture.delayedExecutor(1, HOURS).execute(() -> {});
  }

  @Test
  void orTimeoutCompleted() {
    CompletableFuture<String> future = new CompletableFuture<String>().orTimeout(1, HOURS);
    future.complete("in time");
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void completeOnTimeoutFired() {
    new CompletableFuture<String>().completeOnTimeout("late", 1, MILLISECONDS).join();
  }

  // ---- java.util.Timer

  @Test
  @Left(value = TIMER, says = "heartbeat")
  void timer() {
    Timer timer = Later.end(new Timer("heartbeat", true), Timer::cancel);
    timer.schedule(task(), 3_600_000);
  }

  @Test
  @Left(TIMER)
  void timerWithoutTasks() {
    Later.end(new Timer("idle-timer"), Timer::cancel);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void timerCancelled() {
    Timer timer = new Timer("cancelled-timer");
    timer.schedule(task(), 3_600_000);
    timer.cancel();
  }

  @Test
  @Left(TIMER_TASK)
  void taskOnASharedTimer() {
    TimerTask task = Later.end(task(), TimerTask::cancel);
    SHARED_TIMER.schedule(task, 3_600_000);
  }

  @Test
  void taskOnASharedTimerCancelled() {
    TimerTask task = task();
    SHARED_TIMER.schedule(task, 3_600_000);
    task.cancel();
  }
}
