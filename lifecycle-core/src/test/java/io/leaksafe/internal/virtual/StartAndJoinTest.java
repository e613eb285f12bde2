package io.leaksafe.internal.virtual;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StartAndJoinTest extends VirtualTestCase {

  @Test
  void startThread_any_isADaemonThatInheritsNothing() throws Exception {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    inherited.set("mine");
    Thread thread = start("worker", () -> {
      log("local " + inherited.get());
      log("loader " + Thread.currentThread().getContextClassLoader());
      log("daemon " + Thread.currentThread().isDaemon());
      log("name " + Thread.currentThread().getName());
    });
    time.settle();
    inherited.remove();
    assertThat(thread.getName()).isEqualTo("worker");
    assertThat(log)
        .containsExactly("0 local null", "0 loader null", "0 daemon true", "0 name worker");
  }

  @Test
  void startThread_beforeItReturns_timeKnowsTheThread() {
    for (int i = 0; i < 500; i++) {
      int before = log.size();
      start("t", () -> log("ran"));
      time.settle();
      assertThat(log).hasSize(before + 1);
    }
  }

  @Test
  void settle_afterThreadsEnded_theyAreGoneFromTheMachine() {
    for (int i = 0; i < 500; i++) {
      Thread thread = start("t", () -> park(1));
      time.advance(ofMillis(1));
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void settle_threadWaits_itIsParkedOnTheMachine() {
    for (int i = 0; i < 500; i++) {
      Thread thread = start("t", () -> time.park(this, FOREVER));
      time.settle();
      assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
      time.unpark(thread);
    }
  }

  @Test
  void startThread_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.startThread(null, () -> {}))
        .withMessage("name must not be null.");
    assertThatNullPointerException()
        .isThrownBy(() -> time.startThread("t", null))
        .withMessage("body must not be null.");
  }

  @Test
  void join_threadThatEndsInTime_isTrueAtThatMoment() throws Exception {
    Thread target = start("target", () -> park(10));
    boolean ended = time.call(() -> time.join(target, ofMillis(50).toNanos()));
    assertThat(ended).isTrue();
    assertThat(target.isAlive()).isFalse();
    assertThat(time.elapsed()).isEqualTo(ofMillis(10));
  }

  @Test
  void join_threadThatOutlivesTheLimit_isFalseAtTheLimit() throws Exception {
    Thread target = start("target", () -> park(100));
    boolean ended = time.call(() -> time.join(target, ofMillis(50).toNanos()));
    assertThat(ended).isFalse();
    assertThat(time.elapsed()).isEqualTo(ofMillis(50));
    time.advance(ofMillis(50));
  }

  @Test
  void join_zeroOrLess_onlyLooks() throws Exception {
    Thread target = start("target", () -> park(10));
    time.settle();
    assertThat(time.join(target, 0)).isFalse();
    assertThat(time.join(target, -1)).isFalse();
    time.advance(ofMillis(10));
    assertThat(time.join(target, 0)).isTrue();
  }

  @Test
  void join_unparkedMeanwhile_goesOnAndKeepsThePermit() throws Exception {
    Thread target = start("target", () -> park(10));
    Thread joiner = start("joiner", () -> {
      log("joined " + time.join(target, FOREVER));
      park(10);
      log("permit used");
    });
    time.run(() -> {
      park(1);
      time.unpark(joiner);
    });
    time.advance(ofMillis(9));
    assertThat(log).containsExactly("10 joined true", "10 permit used");
  }

  @Test
  void join_interrupted_isFalseAndKeepsTheFlag() throws Exception {
    Thread target = start("target", () -> park(10));
    Thread joiner = start("joiner", () -> {
      log("joined " + time.join(target, FOREVER));
      log("flag " + Thread.currentThread().isInterrupted());
      log("joined " + time.join(target, FOREVER));
    });
    time.run(() -> {
      park(1);
      joiner.interrupt();
    });
    assertThat(log).containsExactly("1 joined false", "1 flag true", "1 joined false");
    time.advance(ofMillis(9));
  }

  @Test
  void join_bySeveralThreads_wakesThemInOrder() throws Exception {
    Thread target = start("target", () -> park(10));
    for (String name : new String[] {"a", "b", "c"}) {
      start(name, () -> log(name + " " + time.join(target, FOREVER)));
    }
    time.advance(ofMillis(10));
    assertThat(log).containsExactly("10 a true", "10 b true", "10 c true");
  }

  @Test
  void join_fromOutsideWithoutADriver_returnsWhenTheThreadEnds() {
    CountDownLatch go = new CountDownLatch(1);
    Thread target = start("target", () -> awaitLatch(go));
    go.countDown();
    assertThat(time.join(target, FOREVER)).isTrue();
    assertThat(target.isAlive()).isFalse();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void join_strangerThatRuns_saysWhatToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.join(Thread.currentThread(), FOREVER))
        .withMessage("Thread '"
            + Thread.currentThread().getName()
            + "' was not started by this virtual time, which cannot tell when it ends. Start it"
            + " with startThread(..), or use Thread.join.");
  }

  @Test
  void join_strangerThatHasEnded_isTrue() throws Exception {
    Thread stranger = startOutside("stranger", () -> {});
    stranger.join();
    assertThat(time.join(stranger, FOREVER)).isTrue();
  }
}
