package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimerEngineTest extends TimerTestCase {

  private final TimerEngine engine = new TimerEngine("app", scarce, null, null);

  @Override
  void close() {
    engine.close();
  }

  /** Logs its name when it fires, and then does what the test wants. */
  private final class Logging extends Timer {
    private final String name;
    private final Runnable then;

    Logging(String name, Runnable then) {
      this.name = name;
      this.then = then;
    }

    @Override
    protected void fire() {
      log(name);
      then.run();
    }
  }

  private Timer timer(String name) {
    return new Logging(name, () -> {});
  }

  private Timer schedule(String name, long millis) {
    Timer timer = timer(name);
    assertThat(engine.schedule(timer, in(millis))).isTrue();
    return timer;
  }

  @Test
  void engine_beforeItsFirstTimer_hasNoThread() {
    assertThat(threads()).isEmpty();
    assertThat(engine.cancel(timer("a"))).isFalse();
    assertThat(engine.pending()).isZero();
    assertThat(threads()).isEmpty();
    assertThat(engine.endingThreads()).isEmpty();
  }

  @Test
  void schedule_ofSeveral_startsOneThreadNamedAfterTheEngine() {
    schedule("a", 10);
    schedule("b", 20);
    schedule("c", 5);
    assertThat(threads()).singleElement().asString().contains("app-timer");
  }

  @Test
  void schedule_aheadOfTime_firesAtThatMomentAndNotBefore() {
    schedule("a", 10);
    advance(9);
    assertThat(log).isEmpty();
    assertThat(engine.pending()).isOne();
    advance(1);
    assertThat(log).containsExactly("10 a");
    assertThat(engine.pending()).isZero();
  }

  @Test
  void schedule_inThePast_firesAtOnce() {
    advance(100);
    schedule("a", -50);
    time.settle();
    assertThat(log).containsExactly("100 a");
  }

  @Test
  void schedule_dueBeforeTheThreadMeansToWake_wakesIt() {
    schedule("late", 1_000);
    advance(10);
    schedule("early", 5);
    advance(2_000);
    assertThat(log).containsExactly("15 early", "1000 late");
  }

  @Test
  void schedule_atOneMoment_firesInTheOrderOfScheduling() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      schedule(name, 10);
    }
    advance(10);
    assertThat(log).containsExactly("10 a", "10 b", "10 c", "10 d", "10 e");
  }

  @Test
  void schedule_acrossTheOverflowOfTheClock_firesOnTime() {
    schedule("after", 1_500); // virtual time overflows after 1 s
    schedule("before", 900);
    advance(2_000);
    assertThat(log).containsExactly("900 before", "1500 after");
  }

  @Test
  void schedule_ofAPendingTimer_throwsAndKeepsTheFirstMoment() {
    Timer timer = schedule("a", 10);
    assertThatThrownBy(() -> engine.schedule(timer, in(5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The timer is pending already.");
    advance(20);
    assertThat(log).containsExactly("10 a");
  }

  @Test
  void schedule_ofATimerThatFired_firesAgain() {
    Timer timer = schedule("a", 10);
    advance(10);
    assertThat(engine.schedule(timer, in(10))).isTrue();
    advance(10);
    assertThat(log).containsExactly("10 a", "20 a");
  }

  @Test
  void schedule_fromInsideItsOwnFiring_repeatsIt() {
    Timer[] self = new Timer[1];
    self[0] = new Logging("tick", () -> {
      if (log.size() < 3) {
        engine.schedule(self[0], in(10));
      }
    });
    engine.schedule(self[0], in(10));
    advance(100);
    assertThat(log).containsExactly("10 tick", "20 tick", "30 tick");
  }

  @Test
  void cancel_beforeItIsDue_keepsItFromFiring() {
    Timer timer = schedule("a", 10);
    schedule("b", 20);
    assertThat(engine.cancel(timer)).isTrue();
    assertThat(engine.pending()).isOne();
    advance(30);
    assertThat(log).containsExactly("20 b");
  }

  @Test
  void cancel_twice_isTrueOnce() {
    Timer timer = schedule("a", 10);
    assertThat(engine.cancel(timer)).isTrue();
    assertThat(engine.cancel(timer)).isFalse();
  }

  @Test
  void cancel_afterItFired_isFalse() {
    Timer timer = schedule("a", 10);
    advance(10);
    assertThat(engine.cancel(timer)).isFalse();
  }

  @Test
  void cancel_fromInsideAnotherTimer_keepsItsNeighbourFromFiring() {
    Timer victim = timer("victim");
    engine.schedule(new Logging("a", () -> assertThat(engine.cancel(victim)).isTrue()), in(10));
    engine.schedule(victim, in(10));
    schedule("c", 10);
    advance(20);
    assertThat(log).containsExactly("10 a", "10 c");
  }

  @Test
  void fire_thatThrows_stopsNeitherTheOthersNorTheThread() {
    engine.schedule(
        new Logging("bad", () -> {
          throw new IllegalStateException("thrown by the test");
        }),
        in(10));
    engine.schedule(
        new Logging("worse", () -> {
          throw new StackOverflowError("thrown by the test");
        }),
        in(10));
    schedule("good", 10);
    advance(10);
    schedule("later", 10);
    advance(10);
    assertThat(log).containsExactly("10 bad", "10 worse", "10 good", "20 later");
    assertThat(threads()).hasSize(1);
  }

  @Test
  void timerThread_thatIsInterrupted_goesOn() {
    engine.schedule(new Logging("a", () -> Thread.currentThread().interrupt()), in(10));
    schedule("b", 20);
    advance(30);
    assertThat(log).containsExactly("10 a", "20 b");
    assertThat(threads()).singleElement().asString().contains("parked on TimerEngine");
  }

  @Test
  void close_withPendingTimers_firesNoneAndEndsTheThread() {
    Timer timer = schedule("a", 10);
    List<Thread> ending = engine.endingThreads();
    engine.close();
    advance(100);
    assertThat(log).isEmpty();
    assertThat(engine.pending()).isZero();
    assertThat(engine.cancel(timer)).isFalse();
    assertThat(ending).singleElement().matches(thread -> !thread.isAlive());
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_twice_isHarmless() {
    schedule("a", 10);
    engine.close();
    engine.close();
    assertThat(engine.pending()).isZero();
  }

  @Test
  void close_beforeAnyTimer_startsNoThread() {
    engine.close();
    assertThat(engine.schedule(timer("a"), in(1))).isFalse();
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_fromInsideATimer_firesNoOtherAndEndsTheThread() {
    engine.schedule(new Logging("last", engine::close), in(10));
    schedule("never", 10);
    advance(100);
    assertThat(log).containsExactly("10 last");
    assertThat(threads()).isEmpty();
  }

  @Test
  void schedule_afterClose_isFalseAndLeavesNothingPending() {
    engine.close();
    Timer timer = timer("a");
    assertThat(engine.schedule(timer, in(1))).isFalse();
    assertThat(engine.pending()).isZero();
    assertThat(engine.cancel(timer)).isFalse();
  }

  /** As the engine itself does it with the timer that has the workers looked after. */
  @Test
  void schedule_ofATimerThatTheCloseForgot_isFalseOnceItIsCancelled() {
    Timer timer = schedule("a", 10);
    engine.close();
    assertThat(engine.cancel(timer)).isFalse();
    assertThat(engine.schedule(timer, in(20))).isFalse();
  }

  @Test
  void schedule_ofManyAtOnce_firesThemInTheOrderOfTheirDeadlines() {
    Random random = new Random(1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      long millis = random.nextInt(100);
      schedule("after " + millis, millis);
      expected.add(millis + " after " + millis);
    }
    expected.sort(
        Comparator.comparingLong(line -> Long.parseLong(line.substring(0, line.indexOf(' ')))));
    advance(100);
    assertThat(log).isEqualTo(expected);
  }

  @Test
  void execute_afterClose_isFalse() {
    engine.close();
    assertThat(engine.execute(() -> log("never"))).isFalse();
    time.settle();
    assertThat(log).isEmpty();
  }

  @Test
  void execute_ofATask_runsItOnAWorkerAndNotOnTheTimerThread() {
    engine.execute(() -> log(Thread.currentThread().getName()));
    time.settle();
    assertThat(log).containsExactly("0 app-worker-1");
  }

  @Test
  void execute_ofATaskThatTakesLong_holdsUpNoTimer() {
    engine.schedule(
        new Logging(
            "starts",
            () -> engine.execute(() -> {
              time.sleepUninterruptibly(Duration.ofMillis(100));
              log("long task");
            })),
        in(10));
    schedule("on time", 20);
    advance(200);
    assertThat(log).containsExactly("10 starts", "20 on time", "110 long task");
  }

  @Test
  void schedule_whenNoThreadCanBeStarted_throwsAndLeavesNothingPending() {
    threadsLeft.set(0);
    Timer timer = timer("a");
    assertThatThrownBy(() -> engine.schedule(timer, in(10))).isInstanceOf(OutOfMemoryError.class);
    assertThat(engine.pending()).isZero();
    assertThat(engine.cancel(timer)).isFalse();
    assertThat(engine.endingThreads()).isEmpty();
  }

  @Test
  void schedule_afterOneThatFoundNoThread_startsOne() {
    threadsLeft.set(0);
    Timer timer = timer("a");
    assertThatThrownBy(() -> engine.schedule(timer, in(10))).isInstanceOf(OutOfMemoryError.class);
    threadsLeft.set(1);
    assertThat(engine.schedule(timer, in(10))).isTrue();
    advance(10);
    assertThat(log).containsExactly("10 a");
  }

  @Test
  void execute_whenNotEvenTheTimerThreadCanBeStarted_runsTheTaskWithTheNext() {
    threadsLeft.set(0);
    assertThat(engine.execute(() -> log("task"))).isTrue();
    threadsLeft.set(Integer.MAX_VALUE);
    engine.execute(() -> log("next"));
    time.settle();
    assertThat(log).containsExactlyInAnyOrder("0 task", "0 next");
  }

  @Test
  void execute_whenNoWorkerCanBeStarted_runsTheTaskOnceThereIsAThread() {
    schedule("starts the timer thread", 0);
    time.settle();
    threadsLeft.set(0);
    assertThat(engine.execute(() -> log("task"))).isTrue();
    advance(2_500);
    assertThat(log).hasSize(1);
    threadsLeft.set(1);
    advance(1_000);
    assertThat(log).containsExactly("0 starts the timer thread", "3000 task");
    advance(60_000);
    assertThat(threads()).singleElement().asString().contains("no deadline");
  }

  @Test
  void idleEngine_withATimerFarAhead_sleepsUntilThen() {
    schedule("far", 86_400_000);
    schedule("near", 10);
    advance(10);
    assertThat(time.advanceToNextTimer()).hasMillis(86_400_000 - 10);
    assertThat(log).containsExactly("10 near", "86400000 far");
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 10), LongStream.of(System.nanoTime()));
  }

  /** Every timer that is not cancelled fires once, at its moment, in order. */
  @ParameterizedTest
  @MethodSource("seeds")
  void scheduleAndCancel_inRandomOrder_firesTheRestOnTime(long seed) {
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      long now = time.elapsed().toMillis();
      List<Timer> timers = new ArrayList<>();
      List<Long> dues = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        long due = 1L + random.nextInt(50);
        dues.add(now + due);
        timers.add(schedule(round + "-" + i, due));
      }
      List<String> left = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        if (random.nextInt(3) == 0) {
          assertThat(engine.cancel(timers.get(i))).isTrue();
        } else {
          left.add(dues.get(i) + " " + round + "-" + i);
        }
      }
      left.sort(
          Comparator.comparingLong(line -> Long.parseLong(line.substring(0, line.indexOf(' ')))));
      expected.addAll(left);
      advance(60);
      assertThat(log).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
    assertThat(engine.pending()).as("seed %d", seed).isZero();
  }
}
