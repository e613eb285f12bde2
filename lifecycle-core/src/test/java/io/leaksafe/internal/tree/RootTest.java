package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Waiting for closes, and who waits for whom. */
class RootTest extends TreeTestCase {

  private final HandleNode<String> node = top.attach("a");

  private void join(Thread thread) {
    assertThat(time.join(thread, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void instantOf_aReading_isThatMomentOfTheWallClock() {
    long before = time.nanoTime();
    time.advance(Duration.ofSeconds(90));
    assertThat(root.instantOf(before)).isEqualTo(time.instant().minusSeconds(90));
    assertThat(root.instantOf(time.nanoTime())).isEqualTo(time.instant());
  }

  @Test
  void instantOf_afterTheWallClockWasSet_staysOnTheFirst() {
    time.jumpWallClock(Duration.ofDays(1));
    assertThat(root.instantOf(time.nanoTime())).isEqualTo(time.instant().minus(Duration.ofDays(1)));
  }

  @Test
  void await_aConditionThatHolds_returnsAtOnce() throws Exception {
    time.run(() -> assertThat(root.await(node, () -> true, null)).isTrue());
  }

  @Test
  void await_untilSomebodyWakesTheWaiters_looksAgain() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    time.run(() -> {
      Thread waker = time.startThread("waker", () -> {
        time.sleepUninterruptibly(Duration.ofSeconds(1));
        root.wakeWaiters();
        time.sleepUninterruptibly(Duration.ofSeconds(1));
        done.set(true);
        root.wakeWaiters();
      });
      assertThat(root.await(node, done::get, null)).isTrue();
      assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(2));
      join(waker);
    });
  }

  @Test
  void await_pastItsDeadline_isFalse() throws Exception {
    time.run(() -> {
      long deadline = time.nanoTime() + 3_000_000_000L;
      assertThat(root.await(node, () -> false, deadline)).isFalse();
      assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(3));
    });
  }

  @Test
  void await_interrupted_isFalseAndKeepsTheFlag() throws Exception {
    time.run(() -> {
      Thread.currentThread().interrupt();
      assertThat(root.await(node, () -> false, null)).isFalse();
      assertThat(Thread.interrupted()).isTrue();
    });
  }

  @Test
  void waitsFor_whatIsWaitedForAndAllAboveAndBelow() throws Exception {
    Owner child = top.child("child");
    HandleNode<String> below = child.attach("b");
    time.run(() -> {
      AtomicBoolean done = new AtomicBoolean();
      Thread waiter = time.startThread("waiter", () -> root.await(child, done::get, null));
      time.sleep(Duration.ofSeconds(1));
      assertThat(root.waitsFor(waiter, child)).isTrue();
      assertThat(root.waitsFor(waiter, below)).isTrue();
      assertThat(root.waitsFor(waiter, node)).isFalse();
      assertThat(root.waitsFor(waiter, top)).isFalse();
      assertThat(root.waitsFor(null, child)).isFalse();
      assertThat(root.waitsFor(Thread.currentThread(), child)).isFalse();
      done.set(true);
      root.wakeWaiters();
      join(waiter);
      assertThat(root.waitsFor(waiter, child)).isFalse();
    });
  }

  @Test
  void await_insideAnother_restoresTheOuterOne() throws Exception {
    Owner child = top.child("child");
    time.run(() -> root.await(
        top,
        () -> {
          Thread self = Thread.currentThread();
          root.await(child, () -> true, null);
          assertThat(root.waitsFor(self, top)).isTrue();
          return true;
        },
        null));
  }

  @Test
  void whenEnded_ofANodeThatIsClosing_runsAtItsEnd() {
    node.claim();
    log.clear();
    root.whenEnded(node, () -> log.add("told"));
    assertThat(log).isEmpty();
    node.over();
    assertThat(log).containsExactly("told");
  }

  @Test
  void whenEnded_ofANodeThatHasEnded_runsAtOnce() {
    node.claim();
    node.over();
    log.clear();
    root.whenEnded(node, () -> log.add("told"));
    assertThat(log).containsExactly("told");
  }

  @Test
  void whenEnded_askedTwice_tellsBothInOrder() {
    node.claim();
    log.clear();
    root.whenEnded(node, () -> log.add("first"));
    root.whenEnded(node, () -> log.add("second"));
    node.over();
    assertThat(log).containsExactly("first", "second");
  }

  @Test
  void awaitEnd_ofANodeThatIsNotClosing_hasNothingToWaitFor() {
    assertThat(node.awaitEnd()).isFalse();
    node.claim();
    assertThat(node.awaitEnd()).isTrue();
    node.over();
    assertThat(node.awaitEnd()).isFalse();
  }

  @Test
  void end_ofAnAwaitedNode_wakesWhoWaits() throws Exception {
    node.claim();
    time.run(() -> {
      Thread closer = time.startThread("closer", () -> {
        time.sleepUninterruptibly(Duration.ofSeconds(2));
        node.over();
      });
      assertThat(root.await(node, () -> !node.awaitEnd(), null)).isTrue();
      assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(2));
      join(closer);
    });
  }
}
