package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DueTest {

  private final Due due = new Due(512);

  private Item add(long at) {
    Item item = new Item("due " + at, null);
    item.due(at);
    due.look(due.size(), at);
    due.add(item, due.size());
    return item;
  }

  private List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      all.add(due.get(i));
    }
    return all;
  }

  @Test
  void add_ofSomeOfThoseLookedAt_keepsEachWithItsDeadline() {
    Item third = new Item("due 30", null);
    Item fourth = new Item("due 10", null);
    for (int i = 0; i < 4; i++) {
      due.slots()[i] = 100 + i;
      due.look(i, 40 - 10 * i);
    }
    due.add(third, 1);
    due.add(fourth, 3);
    assertThat(due.slot(1)).as("of those whose slots are yet to be freed").isEqualTo(101);
    due.sort();
    assertThat(all()).containsExactly(fourth, third);
  }

  @Test
  void get_withoutSort_isInTheOrderOfAdding() {
    Item b = add(2);
    Item a = add(1);
    assertThat(all()).containsExactly(b, a);
  }

  @Test
  void sort_ofSeveral_putsTheEarliestFirst() {
    Item c = add(3);
    Item a = add(1);
    Item b = add(2);
    due.sort();
    assertThat(all()).containsExactly(a, b, c);
  }

  @Test
  void sort_twice_changesNothing() {
    Item b = add(2);
    Item a = add(1);
    due.sort();
    due.sort();
    assertThat(all()).containsExactly(a, b);
  }

  @Test
  void sort_ofThoseWithOneDeadline_keepsTheirOrder() {
    Item last = add(9);
    List<Entry> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add(add(5));
    }
    expected.add(last);
    due.sort();
    assertThat(all()).isEqualTo(expected);
  }

  @Test
  void sort_acrossTheOverflowOfTheClock_comparesByDifference() {
    Item after = add(Long.MIN_VALUE + 10);
    Item before = add(Long.MAX_VALUE - 10);
    due.sort();
    assertThat(all()).containsExactly(before, after);
  }

  @Test
  void sort_ofDeadlinesCenturiesApart_putsTheEarliestFirst() {
    Item late = add(Long.MAX_VALUE / 2);
    Item early = add(-Long.MAX_VALUE / 3);
    Item between = add(0);
    due.sort();
    assertThat(all()).containsExactly(early, between, late);
  }

  /** Another thread may cancel one of them and schedule it anew, before this one has come to it. */
  @Test
  void sort_ofOneThatIsScheduledAnew_goesByWhenItWasDue() {
    Item first = add(1);
    Item second = add(2);
    first.due(Long.MAX_VALUE);
    due.sort();
    assertThat(all()).containsExactly(first, second);
  }

  @Test
  void get_behindTheLast_throws() {
    add(1);
    assertThatThrownBy(() -> due.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    due.clear();
    assertThatThrownBy(() -> due.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isFull_withAsManyAsItHasRoomFor_isTrueUntilCleared() {
    for (int i = 0; i < 512; i++) {
      assertThat(due.isFull()).isFalse();
      add(512 - i);
    }
    assertThat(due.isFull()).isTrue();
    due.sort();
    assertThat(due.get(0).due()).isOne();
    due.clear();
    assertThat(due.isFull()).isFalse();
    assertThat(due.size()).isZero();
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 50), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sort_ofRandomDeadlines_isStable(long seed) {
    Random random = new Random(seed);
    List<Entry> expected = new ArrayList<>();
    int count = random.nextInt(513);
    int bits = random.nextInt(54) + 1;
    for (int i = 0; i < count; i++) {
      expected.add(add(random.nextLong() >>> Long.SIZE - bits));
    }
    expected.sort(Comparator.comparingLong(Entry::due));
    due.sort();
    assertThat(all()).as("seed %d", seed).isEqualTo(expected);
  }
}
