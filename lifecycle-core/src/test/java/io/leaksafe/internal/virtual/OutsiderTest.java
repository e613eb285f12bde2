package io.leaksafe.internal.virtual;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OutsiderTest extends VirtualTestCase {

  @Test
  void advance_outsiderThatWaitsAgainAndAgain_passesNoDeadlineOfItsOver() throws Exception {
    Thread outsider = startOutside("outsider", () -> {
      for (int i = 0; i < 100; i++) {
        park(7);
        log("tick");
      }
    });
    awaitWaiting(outsider);
    time.advance(ofMillis(700));
    outsider.join();
    assertThat(log).hasSize(100).first().isEqualTo("7 tick");
    assertThat(log).last().isEqualTo("700 tick");
  }

  @Test
  void advance_wokenOutsiderBlocksElsewhere_doesNotWaitForIt() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    Thread outsider = startOutside("outsider", () -> {
      park(5);
      try {
        latch.await();
      } catch (InterruptedException e) {
        log("interrupted");
      }
    });
    awaitWaiting(outsider);
    time.advance(ofSeconds(1));
    latch.countDown();
    outsider.join();
    assertThat(log).isEmpty();
  }

  @Test
  void park_outsiderUnparked_returnsWithoutTimePassing() throws Exception {
    Thread outsider = startOutside("outsider", () -> parkAndLog(1_000));
    awaitWaiting(outsider);
    time.unpark(outsider);
    outsider.join();
    assertThat(log).containsExactly("0 woken false");
  }

  private void parkAndLog(long millis) {
    park(millis);
    log("woken " + Thread.currentThread().isInterrupted());
  }

  @Test
  void park_outsiderUnparkedBefore_returnsAtOnce() {
    time.unpark(Thread.currentThread());
    parkAndLog(1_000);
    assertThat(log).containsExactly("0 woken false");
  }

  @Test
  void park_outsiderInterrupted_returnsWithTheFlag() throws Exception {
    Thread outsider = startOutside("outsider", () -> parkAndLog(1_000));
    awaitWaiting(outsider);
    outsider.interrupt();
    outsider.join();
    assertThat(log).containsExactly("0 woken true");
  }

  @Test
  void advance_rightAfterAnOutsiderWasInterrupted_letsItRunFirst() throws Exception {
    Thread outsider = startOutside("outsider", () -> parkAndLog(1_000));
    awaitWaiting(outsider);
    outsider.interrupt();
    time.advance(ofSeconds(5));
    outsider.join();
    assertThat(log).containsExactly("0 woken true");
  }

  @Test
  void advance_byAnOutsiderThatWasWoken_doesNotWaitForItself() {
    start("waker", () -> {
      park(1);
    });
    Thread main = Thread.currentThread();
    Thread waker = startOutside("outside", () -> {
      awaitWaiting(main);
      time.unpark(main);
    });
    time.park(this, FOREVER);
    time.advance(ofMillis(10));
    assertThat(time.elapsed()).isEqualTo(ofMillis(10));
    assertThat(waker).isNotNull();
  }

  @Test
  void park_twoOutsidersAndAThreadOfThisTime_areWokenInOrder() throws Exception {
    Thread a = startOutside("a", () -> parkAndLogName(3));
    Thread b = startOutside("b", () -> parkAndLogName(1));
    start("c", () -> parkAndLogName(2));
    awaitWaiting(a);
    awaitWaiting(b);
    time.advance(ofMillis(3));
    a.join();
    b.join();
    assertThat(log).containsExactly("1 b", "2 c", "3 a");
  }

  private void parkAndLogName(long millis) {
    park(millis);
    log(Thread.currentThread().getName());
  }
}
