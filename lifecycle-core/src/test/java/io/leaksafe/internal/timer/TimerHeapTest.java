package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimerHeapTest {

  private static final class Named extends Timer {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void fire() {}

    @Override
    public String toString() {
      return name;
    }
  }

  private final TimerHeap heap = new TimerHeap();

  @AfterEach
  void everyTimerKnowsItsPlace() {
    verify();
  }

  private void verify() {
    Timer[] array = array();
    int size = heap.size();
    for (int i = 0; i < array.length; i++) {
      if (i >= size) {
        assertThat(array[i]).as("beyond the end, at %d of %d", i, size).isNull();
        continue;
      }
      assertThat(array[i].index).as("place of the timer at %d", i).isEqualTo(i);
      Timer parent = array[(i - 1) / 2];
      long later = array[i].due - parent.due;
      assertThat(i == 0 || later > 0 || later == 0 && array[i].sequence > parent.sequence)
          .as("%d is not before its parent", i)
          .isTrue();
    }
  }

  private Timer[] array() {
    try {
      Field field = TimerHeap.class.getDeclaredField("heap");
      field.setAccessible(true);
      return (Timer[]) field.get(heap);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("TimerHeap.heap is not there any more.", e);
    }
  }

  private Named add(String name, long due) {
    Named timer = new Named(name);
    heap.add(timer, due);
    return timer;
  }

  private String drain() {
    StringBuilder order = new StringBuilder();
    for (Timer next = heap.peek(); next != null; next = heap.peek()) {
      order.append(next);
      assertThat(heap.remove(next)).isTrue();
      assertThat(next.index).isEqualTo(-1);
    }
    return order.toString();
  }

  @Test
  void peek_ofAnEmptyHeap_isNull() {
    assertThat(heap.peek()).isNull();
    assertThat(heap.size()).isZero();
  }

  @Test
  void peek_whateverTheOrderOfAdding_isTheEarliest() {
    add("c", 30);
    add("a", 10);
    add("d", 40);
    add("b", 20);
    assertThat(drain()).isEqualTo("abcd");
  }

  @Test
  void peek_amongThoseDueAtOneMoment_isTheOneAddedFirst() {
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      add(name, 7);
    }
    assertThat(drain()).isEqualTo("abcdefgh");
  }

  @Test
  void peek_acrossTheOverflowOfTheClock_comparesByDifference() {
    add("late", Long.MIN_VALUE + 5);
    add("early", Long.MAX_VALUE - 5);
    assertThat(heap.peek()).hasToString("early");
  }

  @Test
  void add_ofAPendingTimer_throwsAndChangesNothing() {
    Named timer = add("a", 10);
    assertThatThrownBy(() -> heap.add(timer, 5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The timer is pending already.");
    assertThat(timer.due).isEqualTo(10);
    assertThat(heap.size()).isOne();
  }

  @Test
  void add_afterRemove_makesItPendingAgainBehindItsEquals() {
    Named timer = add("a", 10);
    heap.remove(timer);
    add("b", 10);
    heap.add(timer, 10);
    assertThat(drain()).isEqualTo("ba");
  }

  @Test
  void remove_ofATimerNeverAdded_isFalse() {
    assertThat(heap.remove(new Named("a"))).isFalse();
  }

  @Test
  void remove_twice_isTrueOnce() {
    Named timer = add("a", 10);
    add("b", 20);
    assertThat(heap.remove(timer)).isTrue();
    assertThat(heap.remove(timer)).isFalse();
    assertThat(heap.size()).isOne();
  }

  @Test
  void remove_whereTheLastMustRise_keepsTheOrder() {
    // 1 ─ 10 ─ (11, 12), 2 ─ (3, 4): removing 11 puts 4 below 10, from where it has to go up.
    long[] dues = {1, 10, 2, 11, 12, 3, 4};
    List<Named> timers =
        LongStream.of(dues).mapToObj(due -> add(due + " ", due)).toList();
    heap.remove(timers.get(3));
    verify();
    assertThat(drain()).isEqualTo("1 2 3 4 10 12 ");
  }

  @Test
  void remove_ofNearlyAll_givesTheStorageBack() {
    List<Named> timers = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      timers.add(add("t", i));
    }
    assertThat(array().length).isGreaterThanOrEqualTo(10_000);
    timers.subList(5, 10_000).forEach(heap::remove);
    assertThat(array().length).isLessThanOrEqualTo(64);
    timers.subList(0, 5).forEach(heap::remove);
    assertThat(array().length).isEqualTo(16);
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 20), LongStream.of(System.nanoTime()));
  }

  /** Random adds and removes against the JDK's queue, which finds the next one by looking at all. */
  @ParameterizedTest
  @MethodSource("seeds")
  void addAndRemove_inRandomOrder_agreeWithAPriorityQueue(long seed) {
    Random random = new Random(seed);
    long origin = Long.MAX_VALUE - 500; // so that due times overflow
    PriorityQueue<Timer> model =
        new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.due - origin)
            .thenComparingLong(timer -> timer.sequence));
    List<Timer> idle = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      idle.add(new Named("t" + i));
    }
    for (int step = 0; step < 5_000; step++) {
      int choice = random.nextInt(step < 2_500 ? 3 : 4);
      if (choice < 2 && !idle.isEmpty()) {
        Timer timer = idle.remove(random.nextInt(idle.size()));
        heap.add(timer, origin + random.nextInt(1_000));
        model.add(timer);
      } else if (!model.isEmpty()) {
        Timer timer = choice == 2 ? model.peek() : any(model, random);
        assertThat(heap.remove(timer)).isTrue();
        model.remove(timer);
        idle.add(timer);
      }
      assertThat(heap.size()).as("seed %d, step %d", seed, step).isEqualTo(model.size());
      assertThat(heap.peek()).as("seed %d, step %d", seed, step).isSameAs(model.peek());
      if (step % 97 == 0) {
        verify();
      }
    }
    while (!model.isEmpty()) {
      assertThat(heap.peek()).as("seed %d, draining", seed).isSameAs(model.peek());
      heap.remove(model.poll());
    }
  }

  private static Timer any(PriorityQueue<Timer> model, Random random) {
    return model.stream().skip(random.nextInt(model.size())).findFirst().orElseThrow();
  }
}
