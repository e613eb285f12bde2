package io.leaksafe.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a buffer keeps, refuses, forgets and counts. */
class BoundedBufferTest {

  private static BoundedBuffer<byte[]> audio(long budget) {
    return BoundedBuffer.keepLast(budget, chunk -> chunk.length);
  }

  private static byte[] bytes(int length) {
    return new byte[length];
  }

  // ---- a history

  @Test
  void keepLast_moreThanTheBound_holdsTheNewest() {
    BoundedBuffer<Integer> calls = BoundedBuffer.keepLast(50);
    BoundedBuffer<Integer> outcomes = BoundedBuffer.keepLast(20);
    for (int i = 1; i <= 1_000; i++) {
      assertThat(calls.offer(i)).isTrue();
      outcomes.offer(i);
    }
    assertThat(calls.snapshot()).hasSize(50).startsWith(951).endsWith(1_000);
    assertThat(outcomes.snapshot()).hasSize(20).startsWith(981).endsWith(1_000);
    assertThat(calls.dropped()).isEqualTo(950);
    assertThat(calls).hasToString("50 elements, at most 50, 950 dropped");
  }

  @Test
  void keepLast_fewerThanTheBound_forgetsNone() {
    BoundedBuffer<String> buffer = BoundedBuffer.keepLast(3);
    buffer.offer("a");
    buffer.offer("b");
    assertThat(buffer.snapshot()).containsExactly("a", "b");
    assertThat(buffer.dropped()).isZero();
  }

  @Test
  void keepLast_one_holdsTheLast() {
    BoundedBuffer<String> buffer = BoundedBuffer.keepLast(1);
    buffer.offer("a");
    buffer.offer("b");
    assertThat(buffer.drain()).containsExactly("b");
  }

  // ---- a queue

  @Test
  void rejecting_full_refusesAndCounts() {
    BoundedBuffer<String> buffer = BoundedBuffer.rejecting(2);
    assertThat(buffer.offer("a")).isTrue();
    assertThat(buffer.offer("b")).isTrue();
    assertThat(buffer.offer("c")).isFalse();
    assertThat(buffer.snapshot()).containsExactly("a", "b");
    assertThat(buffer.dropped()).isEqualTo(1);
    assertThat(buffer.poll()).isEqualTo("a");
    assertThat(buffer.offer("d")).isTrue();
    assertThat(buffer.drain()).containsExactly("b", "d");
    assertThat(buffer.dropped()).as("what was taken out").isEqualTo(1);
  }

  @Test
  void poll_empty_returnsNull() {
    assertThat(BoundedBuffer.rejecting(2).poll()).isNull();
  }

  @Test
  void drain_some_takesTheOldest() {
    BoundedBuffer<Integer> buffer = BoundedBuffer.rejecting(10);
    for (int i = 0; i < 10; i++) {
      buffer.offer(i);
    }
    assertThat(buffer.drain(3)).containsExactly(0, 1, 2);
    assertThat(buffer.size()).isEqualTo(7);
    assertThat(buffer.drain(100)).hasSize(7);
    assertThat(buffer.drain()).isEmpty();
  }

  @Test
  void drain_result_isTheCallersOwn() {
    BoundedBuffer<Integer> buffer = BoundedBuffer.rejecting(10);
    buffer.offer(1);
    List<Integer> snapshot = buffer.snapshot();
    List<Integer> drained = buffer.drain();
    buffer.offer(2);
    assertThat(drained).containsExactly(1);
    assertThat(snapshot).containsExactly(1);
    assertThatThrownBy(() -> drained.add(3)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> snapshot.add(3)).isInstanceOf(UnsupportedOperationException.class);
  }

  // ---- weights

  @Test
  void keepLast_weighed_forgetsUntilTheNewestFits() {
    BoundedBuffer<byte[]> buffer = audio(1_000);
    buffer.offer(bytes(400));
    buffer.offer(bytes(400));
    buffer.offer(bytes(200));
    assertThat(buffer.weight()).isEqualTo(1_000);
    assertThat(buffer.offer(bytes(500))).isTrue();
    assertThat(buffer.snapshot()).extracting(chunk -> chunk.length).containsExactly(200, 500);
    assertThat(buffer.weight()).isEqualTo(700);
    assertThat(buffer.dropped()).isEqualTo(2);
    assertThat(buffer).hasToString("2 elements, weight 700, at most 1,000, 2 dropped");
  }

  @Test
  void offer_heavierThanTheBudget_isDroppedAloneInBoth() {
    BoundedBuffer<byte[]> history = audio(1_000);
    BoundedBuffer<byte[]> queue = BoundedBuffer.rejecting(1_000, chunk -> chunk.length);
    for (BoundedBuffer<byte[]> buffer : List.of(history, queue)) {
      buffer.offer(bytes(900));
      assertThat(buffer.offer(bytes(1_001))).isFalse();
      assertThat(buffer.size()).isEqualTo(1);
      assertThat(buffer.dropped()).isEqualTo(1);
    }
  }

  @Test
  void rejecting_weighed_refusesWhatDoesNotFitAndTakesWhatDoes() {
    BoundedBuffer<byte[]> buffer = BoundedBuffer.rejecting(1_000, chunk -> chunk.length);
    assertThat(buffer.offer(bytes(700))).isTrue();
    assertThat(buffer.offer(bytes(301))).isFalse();
    assertThat(buffer.offer(bytes(300))).isTrue();
    assertThat(buffer.weight()).isEqualTo(1_000);
    assertThat(buffer.dropped()).isEqualTo(1);
  }

  @Test
  void offer_weightless_countsAsOne() {
    BoundedBuffer<byte[]> buffer = audio(10);
    for (int i = 0; i < 100; i++) {
      buffer.offer(bytes(0));
    }
    assertThat(buffer.size()).isEqualTo(10);
  }

  @Test
  void offer_changedAfterwards_keepsTheWeightItCameWith() {
    List<String> growing = new ArrayList<>(List.of("a"));
    BoundedBuffer<List<String>> buffer = BoundedBuffer.keepLast(10L, List::size);
    buffer.offer(growing);
    growing.addAll(List.of("b", "c", "d"));
    assertThat(buffer.weight()).isEqualTo(1);
    buffer.poll();
    assertThat(buffer.weight()).isZero();
  }

  @Test
  void offer_weigherFails_changesNothing() {
    BoundedBuffer<String> buffer = BoundedBuffer.keepLast(10L, text -> {
      if (text.isEmpty()) {
        throw new IllegalStateException("no weight");
      }
      return text.equals("negative") ? -1 : 1;
    });
    buffer.offer("a");
    assertThatThrownBy(() -> buffer.offer("")).hasMessage("no weight");
    assertThatThrownBy(() -> buffer.offer("negative"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight must be 0 or more, was -1 for negative. Mend the weigher.");
    assertThat(buffer.snapshot()).containsExactly("a");
    assertThat(buffer.dropped()).isZero();
  }

  @Test
  void offer_weightsNearTheLargestLong_doNotOverflow() {
    BoundedBuffer<Long> buffer = BoundedBuffer.keepLast(Long.MAX_VALUE, weight -> weight);
    buffer.offer(Long.MAX_VALUE);
    buffer.offer(Long.MAX_VALUE - 1);
    buffer.offer(1L);
    assertThat(buffer.snapshot()).containsExactly(Long.MAX_VALUE - 1, 1L);
    assertThat(buffer.weight()).isEqualTo(Long.MAX_VALUE);
  }

  // ---- memory

  @Test
  void drain_ofMany_givesTheArrayBack() {
    BoundedBuffer<Integer> buffer = BoundedBuffer.rejecting(1_000_000);
    for (int i = 0; i < 100_000; i++) {
      buffer.offer(i);
    }
    buffer.drain();
    assertThat(RingCheck.length(buffer)).isEqualTo(16);
  }

  @Test
  void keepLast_heavyAfterManyLight_givesTheArrayBack() {
    BoundedBuffer<Integer> buffer = BoundedBuffer.keepLast(100_000L, weight -> weight);
    for (int i = 0; i < 100_000; i++) {
      buffer.offer(1);
    }
    buffer.offer(100_000);
    assertThat(RingCheck.length(buffer)).isLessThanOrEqualTo(16);
  }

  @Test
  void rejecting_aHugeBound_takesLittleWhileEmpty() {
    assertThat(RingCheck.length(BoundedBuffer.rejecting(Integer.MAX_VALUE))).isEqualTo(16);
    assertThat(RingCheck.length(BoundedBuffer.rejecting(3))).isEqualTo(3);
  }

  @Test
  void poll_anElement_doesNotKeepIt() {
    BoundedBuffer<Object> buffer = BoundedBuffer.keepLast(4);
    buffer.offer(new Object());
    WeakReference<Object> weak = new WeakReference<>(buffer.snapshot().get(0));
    buffer.poll();
    for (int i = 0; i < 100 && weak.get() != null; i++) {
      System.gc();
    }
    assertThat(weak.get()).isNull();
    assertThat(buffer.size()).isZero();
  }

  // ---- threads

  @Test
  void threads_thatOfferAndDrain_loseNothingButWhatIsCounted() throws Exception {
    BoundedBuffer<Integer> buffer = BoundedBuffer.keepLast(64);
    int each = 50_000;
    AtomicLong drained = new AtomicLong();
    CountDownLatch ready = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(new Thread(() -> {
        ready.countDown();
        for (int j = 0; j < each; j++) {
          buffer.offer(j);
        }
      }));
    }
    threads.add(new Thread(() -> {
      ready.countDown();
      for (int j = 0; j < each; j++) {
        drained.addAndGet(buffer.drain().size());
      }
    }));
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(drained.get() + buffer.size() + buffer.dropped()).isEqualTo(2L * each);
    RingCheck.verify(buffer);
  }

  // ---- arguments

  @Test
  void make_wrongArguments_areRefused() {
    assertThatThrownBy(() -> BoundedBuffer.keepLast(0))
        .hasMessage("elements must be 1 or more, was 0.");
    assertThatThrownBy(() -> BoundedBuffer.rejecting(-1))
        .hasMessage("elements must be 1 or more, was -1.");
    assertThatThrownBy(() -> BoundedBuffer.keepLast(0L, e -> 1))
        .hasMessage("budget must be 1 or more, was 0.");
    assertThatThrownBy(() -> BoundedBuffer.rejecting(1L, null))
        .hasMessage("weigher must not be null.");
    assertThatThrownBy(() -> BoundedBuffer.rejecting(1).offer(null))
        .hasMessage("element must not be null.");
    assertThatThrownBy(() -> BoundedBuffer.rejecting(1).drain(0))
        .hasMessage("most must be 1 or more, was 0.");
  }
}
