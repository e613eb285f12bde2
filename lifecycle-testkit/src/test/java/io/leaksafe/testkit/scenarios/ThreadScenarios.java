package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.THREAD;
import static io.leaksafe.testkit.leak.LeakKind.VIRTUAL_THREAD;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.leaksafe.testkit.junit.LeakCheck;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads: started and not ended, against everything that only looks like it. */
class ThreadScenarios {

  private static Thread started(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.start();
    return thread;
  }

  @Test
  @Left(
      value = THREAD,
      says = {"poller", "ThreadScenarios.running("},
      by = "ThreadScenarios.started(",
      seenAlone = true)
  void running() {
    started("poller", Later::idle);
  }

  @Test
  @Left(
      value = THREAD,
      says = {"ticker", "daemon"},
      seenAlone = true)
  void runningDaemon() {
    Thread thread = new Thread(Later::idle, "ticker");
    thread.setDaemon(true);
    thread.start();
  }

  @Test
  @Left(
      value = THREAD,
      says = "grandchild",
      by = "ThreadScenarios.startedByAThreadOfTheTest(",
      seenAlone = true)
  void startedByAThreadOfTheTest() throws Exception {
    Thread child = new Thread(() -> new Thread(Later::idle, "grandchild").start(), "child");
    child.start();
    child.join();
  }

  /** A library's way from its door to its thread, longer than a report. */
  @Test
  @Left(
      value = THREAD,
      says = {"2 more lines", "Deep.first(", "ThreadScenarios.startedDeepInALibrary("},
      by = "ThreadScenarios.started(",
      seenAlone = true)
  void startedDeepInALibrary() {
    Deep.first();
  }

  private static final class Deep {
    static void first() {
      second();
    }

    static void second() {
      third();
    }

    static void third() {
      fourth();
    }

    static void fourth() {
      fifth();
    }

    static void fifth() {
      sixth();
    }

    static void sixth() {
      started("deep", Later::idle);
    }
  }

  @Test
  void joined() throws Exception {
    Thread thread = started("short", () -> {});
    thread.join();
  }

  @Test
  void interruptedAndOver() throws Exception {
    Thread thread = started("interrupted", Later::idle);
    thread.interrupt();
    thread.join();
  }

  @Test
  @LeakCheck(graceMillis = 20_000)
  void endsWithinTheGrace() {
    CountDownLatch never = new CountDownLatch(1);
    started("dying", () -> {
      try {
        never.await(80, MILLISECONDS);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Test
  void neverStarted() {
    Later.end(new Thread(Later::idle, "unstarted"), thread -> {});
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void commonPool() {
    Assertions.assertEquals(499_500, IntStream.range(0, 1_000).parallel().sum());
    CompletableFuture.supplyAsync(() -> "done").join();
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void inASeparateThread() throws Exception {
    joined();
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @Left(value = THREAD, says = "apart", by = "ThreadScenarios.started(")
  void leftByASeparateThread() {
    started("apart", Later::idle);
  }

  @Test
  void timeoutPreemptively() {
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), this::joined);
  }

  @Test
  @Left(value = VIRTUAL_THREAD, says = "virtual-poller")
  void virtualRunning() throws Exception {
    Jdk.startVirtual("virtual-poller", Later::idle);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void virtualOver() throws Exception {
    Jdk.startVirtual("virtual-short", () -> {}).join();
  }

  @Test
  void handsOverAndEnds() throws Exception {
    Exchanger<String> exchanger = new Exchanger<>();
    Thread thread = started("partner", () -> {
      try {
        exchanger.exchange("there");
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    });
    exchanger.exchange("here", 30, SECONDS);
    thread.join();
  }
}
