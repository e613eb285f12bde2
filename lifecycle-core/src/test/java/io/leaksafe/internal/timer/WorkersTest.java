package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest extends TimerTestCase {

  private static final int MOST = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

  private final ClassLoader loader = new URLClassLoader(new URL[0]);
  private final Workers workers =
      new Workers("app-worker-", scarce, loader, nanos -> log("starved"));

  @Override
  void close() {
    workers.close();
    advance(100_000); // for tasks that take long
  }

  private Runnable task(String name, long millis) {
    return () -> {
      log(name + " on " + Thread.currentThread().getName());
      time.sleepUninterruptibly(Duration.ofMillis(millis));
    };
  }

  /** What happens once none of them has got on for a while. */
  private void stall() {
    time.settle();
    workers.look();
    workers.look();
    time.settle();
  }

  @Test
  void workers_beforeTheFirstTask_haveNoThread() {
    assertThat(threads()).isEmpty();
    assertThat(workers.idleThreads()).isEmpty();
  }

  @Test
  void execute_oneAfterTheOther_usesTheSameThread() {
    for (int i = 0; i < 5; i++) {
      assertThat(workers.execute(task("task", 10))).isTrue();
      advance(20);
    }
    assertThat(log).hasSize(5).allMatch(line -> line.endsWith("task on app-worker-1"));
  }

  @Test
  void execute_ofManyAtOnce_startsNoMoreThreadsThanTheLimit() {
    for (int i = 0; i < 3 * MOST; i++) {
      workers.execute(task("task", 10));
    }
    time.settle();
    assertThat(threads()).hasSize(MOST);
    assertThat(log).hasSize(MOST);
    advance(10);
    assertThat(log).hasSize(2 * MOST);
    advance(10);
    assertThat(log).hasSize(3 * MOST);
    assertThat(threads()).hasSize(MOST);
  }

  @Test
  void execute_whenAllAreBusyAtTheLimit_keepsTheOrderOfTheTasks() {
    IntStream.range(0, MOST).forEach(i -> workers.execute(task("long", 10)));
    IntStream.range(0, 5).forEach(i -> workers.execute(() -> log("t" + i)));
    advance(10);
    assertThat(log.subList(MOST, MOST + 5))
        .containsExactly("10 t0", "10 t1", "10 t2", "10 t3", "10 t4");
  }

  @Test
  void execute_whileSeveralAreIdle_wakesTheLastToGoIdleSoThatTheOthersEnd() {
    for (int i = 0; i < 3; i++) {
      workers.execute(task("warm up", 10L * (i + 1)));
    }
    advance(100);
    log.clear();
    for (int i = 0; i < 6; i++) {
      workers.execute(task("task", 1));
      advance(1_000);
    }
    assertThat(log).hasSize(6).allMatch(line -> line.endsWith("app-worker-3"));
    assertThat(threads()).hasSize(1);
  }

  @Test
  void executeAll_whileSeveralAreIdle_beginsEachAtOnce() {
    IntStream.range(0, 4).forEach(i -> workers.execute(task("warm up", 10)));
    advance(100);
    log.clear();
    workers.executeAll(List.of(task("a", 10), task("b", 10), task("c", 10)));
    time.settle();
    assertThat(log).hasSize(3).allMatch(line -> line.startsWith("100 "));
    assertThat(threads()).hasSize(4);
  }

  @Test
  void execute_oneByOneWhileSeveralAreIdle_beginsEachAtOnce() {
    IntStream.range(0, 4).forEach(i -> workers.execute(task("warm up", 10)));
    advance(100);
    log.clear();
    IntStream.range(0, 5).forEach(i -> workers.execute(task("t" + i, 10)));
    time.settle();
    assertThat(log).hasSize(5).allMatch(line -> line.startsWith("100 "));
    assertThat(threads()).as("one more than were idle").hasSize(5);
  }

  @Test
  void look_firstFewAreBlocked_addsFurtherOnesOfTheOtherKindUpToTheMost() {
    workers.sized(2, 8);
    IntStream.range(0, 12).forEach(i -> workers.execute(task("task", 10)));
    time.settle();
    assertThat(threads()).hasSize(2);
    assertThat(furtherThreads).isEmpty();
    stall();
    assertThat(furtherThreads).containsExactly("app-worker-3", "app-worker-4");
    stall();
    stall();
    assertThat(threads()).hasSize(8);
    assertThat(furtherThreads).hasSize(6);
  }

  @Test
  void execute_whileWorkersOfBothKindsAreIdle_wakesOneOfTheFirstFewSoThatTheFurtherOnesEnd() {
    workers.sized(2, 8);
    IntStream.range(0, 2).forEach(i -> workers.execute(task("warm up", 10)));
    IntStream.range(0, 2).forEach(i -> workers.execute(task("warm up, and last to go idle", 20)));
    stall();
    advance(100);
    assertThat(furtherThreads).containsExactly("app-worker-3", "app-worker-4");
    log.clear();
    for (int i = 0; i < 6; i++) {
      workers.execute(task("task", 1));
      advance(1_000);
    }
    assertThat(log).hasSize(6).allMatch(line -> line.endsWith("app-worker-2"));
    assertThat(threads()).hasSize(1);
  }

  @Test
  void execute_furtherOnesAreBlockedAndTheFirstFewHaveEnded_startsOneOfTheFirstAtOnce() {
    workers.sized(2, 8);
    IntStream.range(0, 2).forEach(i -> workers.execute(task("short", 10)));
    IntStream.range(0, 2).forEach(i -> workers.execute(task("long", 60_000)));
    stall();
    advance(10_000);
    assertThat(threads()).as("those that do what is long").hasSize(2);
    log.clear();
    workers.execute(task("next", 0));
    time.settle();
    assertThat(log).containsExactly("10000 next on app-worker-5");
    assertThat(furtherThreads).containsExactly("app-worker-3", "app-worker-4");
  }

  @Test
  void close_withIdleWorkersOfBothKinds_endsThem() {
    workers.sized(2, 8);
    IntStream.range(0, 4).forEach(i -> workers.execute(task("task", 10)));
    stall();
    advance(10);
    assertThat(threads()).hasSize(4);
    workers.close();
    time.settle();
    assertThat(threads()).isEmpty();
  }

  @Test
  void worker_withoutATaskFor5Seconds_ends() {
    workers.execute(task("task", 0));
    advance(4_999);
    assertThat(threads()).hasSize(1);
    advance(1);
    assertThat(threads()).isEmpty();
    assertThat(workers.idleThreads()).isEmpty();
  }

  @Test
  void execute_afterAllEnded_startsAFreshThread() {
    workers.execute(task("a", 0));
    advance(10_000);
    workers.execute(task("b", 0));
    time.settle();
    assertThat(log).containsExactly("0 a on app-worker-1", "10000 b on app-worker-2");
  }

  @Test
  void task_thatThrows_endsNeitherItsWorkerNorTheNextTask() {
    workers.execute(() -> {
      throw new IllegalStateException("thrown by the test");
    });
    workers.execute(() -> {
      throw new AssertionError("thrown by the test");
    });
    time.settle();
    workers.execute(task("next", 0));
    time.settle();
    assertThat(log).hasSize(1);
    assertThat(threads()).isNotEmpty();
  }

  @Test
  void task_thatLeavesAnInterrupt_doesNotHandItToTheNext() {
    workers.execute(() -> Thread.currentThread().interrupt());
    time.settle();
    workers.execute(() -> log("interrupted: " + Thread.currentThread().isInterrupted()));
    time.settle();
    assertThat(log).containsExactly("0 interrupted: false");
  }

  @Test
  void worker_interruptedWhileIdle_doesNotHandThatToTheNextTask() {
    Thread[] worker = new Thread[1];
    workers.execute(() -> worker[0] = Thread.currentThread());
    time.settle();
    worker[0].interrupt();
    time.settle();
    workers.execute(() -> log("interrupted: " + Thread.currentThread().isInterrupted()));
    time.settle();
    assertThat(log).containsExactly("0 interrupted: false");
  }

  @Test
  void task_seesTheGivenClassLoader_andAnIdleWorkerHoldsNone() {
    Thread[] worker = new Thread[1];
    workers.execute(() -> {
      worker[0] = Thread.currentThread();
      log("given: " + (worker[0].getContextClassLoader() == loader));
      worker[0].setContextClassLoader(ClassLoader.getSystemClassLoader());
    });
    time.settle();
    assertThat(log).containsExactly("0 given: true");
    assertThat(worker[0].getContextClassLoader()).isNull();
    workers.execute(
        () -> log("again: " + (Thread.currentThread().getContextClassLoader() == loader)));
    time.settle();
    assertThat(log).endsWith("0 again: true");
  }

  @Test
  void close_withIdleWorkers_endsThem() {
    workers.execute(task("a", 0));
    time.settle();
    List<Thread> idle = workers.idleThreads();
    assertThat(idle).hasSize(1);
    workers.close();
    time.settle();
    assertThat(idle).noneMatch(Thread::isAlive);
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_withABusyWorker_letsItsTaskEndAndStartsNoOther() {
    IntStream.range(0, MOST).forEach(i -> workers.execute(task("long", 10)));
    workers.execute(task("waiting", 0));
    time.settle();
    workers.close();
    assertThat(workers.idleThreads()).isEmpty();
    advance(10);
    assertThat(log).hasSize(MOST).noneMatch(line -> line.contains("waiting"));
    assertThat(threads()).isEmpty();
  }

  @Test
  void execute_afterClose_isFalseAndStartsNoThread() {
    workers.close();
    assertThat(workers.execute(task("never", 0))).isFalse();
    assertThat(threads()).isEmpty();
  }

  @Test
  void execute_whenTheFirstThreadCannotBeStarted_keepsTheTaskForAnotherTry() {
    threadsLeft.set(0);
    assertThat(workers.execute(task("late", 0))).isTrue();
    assertThat(log).containsExactly("0 starved");
    workers.look();
    assertThat(log).containsExactly("0 starved", "0 starved");
    threadsLeft.set(1);
    workers.look();
    time.settle();
    assertThat(log).endsWith("0 late on app-worker-3").hasSize(3);
  }

  @Test
  void look_withoutWaitingTasks_startsNoThread() {
    workers.look();
    assertThat(threads()).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void look_afterClose_startsNoThread() {
    threadsLeft.set(0);
    workers.execute(task("never", 0));
    workers.close();
    threadsLeft.set(1);
    workers.look();
    assertThat(threads()).isEmpty();
    assertThat(log).containsExactly("0 starved");
  }

  @Test
  void execute_whenNoFurtherThreadCanBeStarted_leavesTheTaskToThoseThereAre() {
    threadsLeft.set(1);
    workers.execute(task("first", 10));
    assertThat(workers.execute(task("second", 0))).isTrue();
    advance(20);
    assertThat(log)
        .containsExactlyInAnyOrder(
            "0 starved", "0 first on app-worker-1", "10 second on app-worker-1");
  }
}
