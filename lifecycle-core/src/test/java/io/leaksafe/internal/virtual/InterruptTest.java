package io.leaksafe.internal.virtual;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InterruptTest extends VirtualTestCase {

  private final AtomicBoolean stop = new AtomicBoolean();

  private void parkUntilStopped(Runnable onInterrupt) {
    while (!stop.get()) {
      time.park(this, ofHours(1).toNanos());
      if (Thread.interrupted()) {
        onInterrupt.run();
      }
    }
  }

  @Test
  void advance_rightAfterAnInterrupt_neverMovesTimeBeforeTheInterruptedThreadRan() {
    AtomicInteger seen = new AtomicInteger();
    AtomicLong seenAt = new AtomicLong();
    Thread parked = start(
        "parked",
        () -> parkUntilStopped(() -> {
          seen.incrementAndGet();
          seenAt.set(time.elapsed().toNanos());
        }));
    for (int i = 1; i <= 3_000; i++) {
      parked.interrupt();
      spin(i % 500 * 4); // so that it is met at each step of waking up
      time.advance(ofNanos(7));
      assertThat(seen).hasValue(i);
      assertThat(seenAt).hasValue((i - 1) * 7L);
    }
    stop.set(true);
    time.unpark(parked);
  }

  private static void spin(int rounds) {
    for (int i = 0; i < rounds; i++) {
      Thread.onSpinWait();
    }
  }

  @Test
  void advance_rightAfterManyInterrupts_runsAllInterruptedThreadsFirst() {
    AtomicInteger seen = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    AtomicLong now = new AtomicLong();
    List<Thread> parked = range(0, 10)
        .mapToObj(i -> start(
            "parked-" + i,
            () -> parkUntilStopped(() -> {
              seen.incrementAndGet();
              late.addAndGet(time.elapsed().toNanos() == now.get() ? 0 : 1);
            })))
        .toList();
    for (int i = 1; i <= 300; i++) {
      now.set(time.elapsed().toNanos());
      parked.forEach(Thread::interrupt);
      time.advance(ofMillis(1));
      assertThat(seen).hasValue(i * parked.size());
    }
    assertThat(late).hasValue(0);
    stop.set(true);
    parked.forEach(time::unpark);
  }

  @Test
  void interrupt_whileTimeMoves_isNeverLost() throws InterruptedException {
    Semaphore handled = new Semaphore(0);
    Thread parked = start("parked", () -> parkUntilStopped(handled::release));
    start("ticker", this::tickUntilStopped);
    Thread interrupter = startOutside("interrupter", () -> {
      for (int i = 0; i < 1_000; i++) {
        parked.interrupt();
        handled.acquireUninterruptibly();
      }
      stop.set(true);
    });
    while (interrupter.isAlive()) {
      time.advance(ofMillis(10));
    }
    interrupter.join();
    time.unpark(parked);
    time.advance(ofMillis(1));
  }

  private void tickUntilStopped() {
    while (!stop.get()) {
      park(1);
    }
  }

  @Test
  void interrupt_severalByTheRunningThread_endsTheirWaitsInParkOrderAfterWhatIsReady()
      throws Exception {
    List<Thread> parked = List.of("a", "b", "c").stream()
        .map(name -> start(name, () -> {
          time.park(this, FOREVER);
          log(name + " " + Thread.interrupted());
        }))
        .toList();
    Thread ready = start("d", () -> parkAndLog("d"));
    time.run(() -> {
      time.unpark(ready);
      for (int i = 2; i >= 0; i--) {
        parked.get(i).interrupt();
      }
      log("interrupted all");
    });
    assertThat(log).containsExactly("0 interrupted all", "0 d", "0 a true", "0 b true", "0 c true");
  }

  @Test
  void unpark_afterTheInterruptOfAnother_endsThatOnesWaitFirst() throws Exception {
    Thread unparked = start("unparked", () -> parkAndLog("unparked"));
    Thread interrupted = start("interrupted", () -> parkAndLog("interrupted"));
    time.run(() -> {
      interrupted.interrupt();
      time.unpark(unparked);
    });
    assertThat(log).containsExactly("0 interrupted", "0 unparked");
  }

  private void parkAndLog(String what) {
    time.park(this, FOREVER);
    log(what);
  }

  @Test
  void interrupt_readyThread_findsItsFlagWhenItRuns() throws Exception {
    time.run(() -> {
      Thread ready = start("ready", () -> log("flag " + Thread.currentThread().isInterrupted()));
      ready.interrupt();
      assertThat(time.join(ready, FOREVER)).isTrue();
    });
    assertThat(log).containsExactly("0 flag true");
  }

  @Test
  void advance_callerInterruptedBefore_doesItsWorkAndKeepsTheFlag() {
    start("t", () -> park(10));
    Thread.currentThread().interrupt();
    time.advance(ofMillis(10));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(time.elapsed()).isEqualTo(ofMillis(10));
  }

  @Test
  void advance_callerInterruptedMeanwhile_stopsWithTheThreadsAndKeepsTheFlag() {
    Thread main = Thread.currentThread();
    Thread endless = start("endless", () -> {
      park(10);
      main.interrupt();
      parkAndLog("end");
    });
    logFailure(() -> time.advance(ofHours(1)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log.get(0))
        .startsWith("10 '"
            + main.getName()
            + "' was interrupted while it moved virtual time, 10 ms after its start. It went no"
            + " further; these threads were there:\n")
        .contains("'endless' ");
    time.unpark(endless);
  }
}
