package io.leaksafe.internal.virtual;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParkTest extends VirtualTestCase {

  private static final int ROUNDS = 2_000;

  @Test
  void park_zeroOrLess_returnsAtOnceAndKeepsThePermit() throws Exception {
    time.run(() -> {
      time.unpark(Thread.currentThread());
      time.park(this, 0);
      time.park(this, -1);
      park(10);
      log("permit used");
      park(10);
      log("waited");
    });
    assertThat(log).containsExactly("0 permit used", "10 waited");
  }

  @Test
  void park_unparkedTwiceBefore_hasOnePermit() throws Exception {
    time.run(() -> {
      time.unpark(Thread.currentThread());
      time.unpark(Thread.currentThread());
      park(10);
      park(10);
      log("done");
    });
    assertThat(log).containsExactly("10 done");
  }

  @Test
  void park_unparkedTwiceWhileParked_keepsNoPermit() throws Exception {
    Thread parked = start("parked", () -> {
      park(10);
      log("first");
      park(10);
      log("second");
    });
    time.run(() -> {
      time.unpark(parked);
      time.unpark(parked);
    });
    time.advance(ofMillis(10));
    assertThat(log).containsExactly("0 first", "10 second");
  }

  @Test
  void park_interruptedBefore_returnsAtOnceAndKeepsTheFlag() throws Exception {
    time.run(() -> {
      Thread.currentThread().interrupt();
      time.park(this, FOREVER);
      log("interrupted " + Thread.interrupted());
    });
    assertThat(log).containsExactly("0 interrupted true");
  }

  @Test
  void park_interruptedWhileParked_endsAtThatMomentAndKeepsTheFlag() throws Exception {
    Thread parked = start("parked", () -> {
      time.park(this, FOREVER);
      log("interrupted " + Thread.interrupted());
    });
    time.run(() -> {
      park(5);
      parked.interrupt();
      log("interrupts");
    });
    assertThat(log).containsExactly("5 interrupts", "5 interrupted true");
  }

  @Test
  void park_withoutLimit_outlivesAnyAdvance() {
    Thread parked = start("parked", () -> time.park(this, FOREVER));
    time.advance(ofDays(100_000));
    assertThat(waits(parked)).isTrue();
    time.unpark(parked);
  }

  @Test
  void unpark_beforeTheDeadline_endsTheParkThen() throws Exception {
    Thread parked = start("parked", () -> {
      park(1_000);
      log("woken");
    });
    time.run(() -> {
      park(3);
      time.unpark(parked);
    });
    assertThat(log).containsExactly("3 woken");
  }

  @Test
  void unpark_endedThread_doesNothing() {
    Thread ended = start("ended", () -> log("ran"));
    time.settle();
    time.unpark(ended);
    assertThat(time.join(ended, FOREVER)).isTrue();
  }

  @Test
  void unpark_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.unpark(null))
        .withMessage("thread must not be null.");
  }

  @Test
  void unpark_fromOutside_makesWhatItWroteVisible() {
    int[] plain = new int[1];
    AtomicBoolean stale = new AtomicBoolean();
    AtomicInteger acknowledged = new AtomicInteger();
    Thread main = Thread.currentThread();
    Thread reader = start("reader", () -> {
      for (int round = 1; round <= ROUNDS; round++) {
        time.park(this, FOREVER);
        if (plain[0] != round) {
          stale.set(true);
        }
        acknowledged.set(round);
        time.unpark(main);
      }
    });
    for (int round = 1; round <= ROUNDS; round++) {
      plain[0] = round;
      time.unpark(reader);
      while (acknowledged.get() < round) {
        time.park(this, FOREVER);
      }
    }
    assertThat(stale).isFalse();
    assertThat(time.join(reader, FOREVER)).isTrue();
  }
}
