package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.time.TimeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** The system's own workers, in real time; whoever waits here waits for what must happen. */
class ManyWorkersTest {

  private static final int PATIENCE_SECONDS = 60;

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final TimerEngine engine = new TimerEngine("real", TimeSource.system(), null, null);

  @Test
  @EnabledForJreRange(minVersion = 24, disabledReason = "virtual threads pin their carriers before")
  void execute_tasksThatAllBlock_allBeginInTheEndOnPlatformThreadsFirst()
      throws InterruptedException {
    int blocked = 500;
    Set<Thread> virtual = ConcurrentHashMap.newKeySet();
    CountDownLatch begun = new CountDownLatch(blocked);
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < blocked; i++) {
      engine.execute(() -> {
        threads.add(Thread.currentThread());
        if (Thread.currentThread().toString().startsWith("VirtualThread")) {
          virtual.add(Thread.currentThread());
        }
        begun.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
    assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    int few = Math.max(2, Runtime.getRuntime().availableProcessors());
    assertThat(virtual).hasSize(blocked - few);
    release.countDown();
    closeAndJoin();
  }

  @Test
  void execute_tasksThatDoNotBlock_needFewThreads() throws InterruptedException {
    int tasks = 20_000;
    CountDownLatch done = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      engine.execute(() -> {
        threads.add(Thread.currentThread());
        done.countDown();
      });
    }
    assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(threads).hasSizeLessThan(tasks / 10);
    closeAndJoin();
  }

  private void closeAndJoin() throws InterruptedException {
    engine.close();
    threads.addAll(engine.endingThreads());
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }
}
