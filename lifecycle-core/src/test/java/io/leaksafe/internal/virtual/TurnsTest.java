package io.leaksafe.internal.virtual;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TurnsTest extends VirtualTestCase {

  private static final int REPETITIONS = 200;

  @Test
  void startThread_several_takeTurnsInTheOrderInWhichTheyBecameReady() throws Exception {
    time.run(() -> {
      for (String name : List.of("a", "b", "c")) {
        start(name, () -> twoTurns(name));
      }
      log("body waits");
      park(10);
      log("body again");
    });
    time.advance(ofMillis(1));
    assertThat(log)
        .containsExactly(
            "0 body waits",
            "0 a begins",
            "0 b begins",
            "0 c begins",
            "10 body again",
            "11 a ends",
            "11 b ends",
            "11 c ends");
  }

  private void twoTurns(String name) {
    log(name + " begins");
    park(11);
    log(name + " ends");
  }

  @Test
  void unpark_byTheRunningThread_letsItRunOnUntilItWaits() throws Exception {
    Thread woken = start("woken", () -> parkAndLog("woken"));
    time.run(() -> {
      time.unpark(woken);
      log("runs on");
      park(1);
    });
    assertThat(log).containsExactly("0 runs on", "0 woken");
  }

  private void parkAndLog(String what) {
    time.park(this, FOREVER);
    log(what);
  }

  @Test
  void call_threadsThatWakeEachOtherAtRandom_haveTheSameInterleavingEveryTime() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      List<String> first = new Game(new VirtualScheduler(), seed).play();
      assertThat(first).hasSizeGreaterThan(100);
      for (int i = 1; i < REPETITIONS / 4; i++) {
        assertThat(new Game(new VirtualScheduler(), seed).play())
            .as("seed %d, repetition %d", seed, i)
            .isEqualTo(first);
      }
    }
  }

  /** Threads that park, wake, interrupt and join each other by chance, one plain list as their log. */
  private static final class Game {
    private static final int STEPS = 30;

    private final VirtualScheduler time;
    private final long seed;
    private final List<String> log = new ArrayList<>();
    private final List<Thread> players = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    Game(VirtualScheduler time, long seed) {
      this.time = time;
      this.seed = seed;
    }

    List<String> play() throws Exception {
      time.run(() -> {
        for (int i = 0; i < 6; i++) {
          startPlayer();
        }
        for (int i = 0; i < players.size(); i++) {
          time.join(players.get(i), FOREVER);
        }
      });
      return log;
    }

    private void startPlayer() {
      int number = players.size();
      players.add(time.startThread("player-" + number, () -> playAs(number)));
    }

    private void playAs(int number) {
      Random random = new Random(seed * 1_000 + number);
      for (int step = 0; step < STEPS; step++) {
        running.incrementAndGet();
        int choice = random.nextInt(10);
        Thread other = players.get(random.nextInt(players.size()));
        log.add(String.join(
            " ",
            time.elapsed().toString(),
            "" + number,
            "" + choice,
            other.getName(),
            "" + Thread.interrupted(),
            "" + running.getAndDecrement()));
        move(choice, other, random.nextInt(50) * 1_000L);
      }
    }

    private void move(int choice, Thread other, long nanos) {
      switch (choice) {
        case 0, 1, 2 -> time.unpark(other);
        case 3 -> other.interrupt();
        case 4 -> time.join(other, nanos);
        case 5 -> time.sleepUninterruptibly(ofNanos(nanos));
        case 6 -> {
          if (players.size() < 10) {
            startPlayer();
          }
        }
        default -> time.park(this, nanos);
      }
    }
  }

  @Test
  void call_threadsThatWakeEachOtherAtRandom_runOneAtATime() throws Exception {
    assertThat(new Game(time, 99).play()).allMatch(line -> line.endsWith(" 1"));
  }

  @Test
  void run_holderBlockedInForeignCode_letsTheNextOneRun() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    time.run(() -> {
      start("helper", () -> {
        log(time.describe());
        latch.countDown();
      });
      latch.await();
      log("body");
    });
    assertThat(log).hasSize(2).last().isEqualTo("0 body");
    assertThat(log.get(0))
        .containsPattern("'virtual-time-call' +runs in foreign code \\(WAITING\\)");
  }

  @Test
  void startThread_holderBlockedInForeignCodeAndNobodyDrives_letsTheNextOneRun() {
    CountDownLatch latch = new CountDownLatch(1);
    Thread blocked = start("blocked", () -> await(latch));
    Thread helper = start("helper", latch::countDown);
    assertThat(time.join(blocked, FOREVER)).isTrue();
    assertThat(time.join(helper, FOREVER)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void unpark_holderThenBlockedOnTheWokenOneAndNobodyDrives_letsThatOneRun() {
    CountDownLatch latch = new CountDownLatch(1);
    Thread woken = start("woken", () -> {
      time.park(this, FOREVER);
      latch.countDown();
    });
    awaitWaiting(woken);
    Thread waker = start("waker", () -> {
      time.unpark(woken);
      await(latch);
    });
    assertThat(time.join(waker, FOREVER)).isTrue();
    assertThat(time.join(woken, FOREVER)).isTrue();
  }

  @Test
  void advance_threadBlockedInForeignCode_waitsUntilItIsBack() {
    CountDownLatch latch = new CountDownLatch(1);
    start("blocked", () -> {
      await(latch);
      log("back");
    });
    Thread outside = startOutside("outside", latch::countDown);
    time.advance(ofSeconds(1));
    assertThat(log).containsExactly("0 back");
    assertThat(outside).isNotNull();
  }

  @Test
  void enter_backFromForeignCode_waitsForItsTurn() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    AtomicInteger insideHelper = new AtomicInteger();
    time.run(() -> {
      start("helper", () -> {
        insideHelper.set(1);
        latch.countDown();
        for (int i = 0; i < 1_000_000; i++) {
          Thread.onSpinWait();
        }
        insideHelper.set(0);
      });
      latch.await();
      time.unpark(Thread.currentThread());
      log("helper inside: " + insideHelper.get());
    });
    assertThat(log).containsExactly("0 helper inside: 0");
  }

  @RepeatedTest(20)
  void run_manyThreadsOnOneForeignLock_allEnd() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    AtomicInteger done = new AtomicInteger();
    time.run(() -> {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        threads.add(start("t" + i, () -> {
          lock.lock();
          try {
            done.incrementAndGet();
          } finally {
            lock.unlock();
          }
          park(1);
        }));
      }
      threads.forEach(thread -> time.join(thread, FOREVER));
    });
    assertThat(done).hasValue(8);
  }
}
