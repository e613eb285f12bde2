package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list itself, by one thread. */
class LaneTest extends TreeTestCase {

  private final Lane lane = new Lane(top);

  private Node add(String name) {
    Node node = new Owner(name, root, false);
    assertThat(lane.add(node)).isTrue();
    return node;
  }

  private List<String> newestFirst() {
    List<String> names = new ArrayList<>();
    for (Node node = lane.newest(); node != null; node = node.older) {
      names.add(node.name());
    }
    return names;
  }

  private List<String> oldestFirst() {
    List<String> names = new ArrayList<>();
    for (Node node = lane.oldest(); node != null; node = node.newer) {
      names.add(node.name());
    }
    return names;
  }

  private void contains(String... newestFirst) {
    assertThat(newestFirst()).containsExactly(newestFirst);
    List<String> reversed = new ArrayList<>(List.of(newestFirst));
    Collections.reverse(reversed);
    assertThat(oldestFirst()).isEqualTo(reversed);
    assertThat(lane.live()).isEqualTo(newestFirst.length);
  }

  @Test
  void lane_whenNew_isEmpty() {
    contains();
    assertThat(lane.isClosed()).isFalse();
  }

  @Test
  void add_ofSeveral_putsTheNewestFirst() {
    add("a");
    add("b");
    add("c");
    contains("c", "b", "a");
  }

  @Test
  void remove_ofTheNewestTheOldestAndOneBetween_linksTheRest() {
    Node a = add("a");
    Node b = add("b");
    Node c = add("c");
    Node d = add("d");
    lane.remove(b);
    contains("d", "c", "a");
    lane.remove(d);
    contains("c", "a");
    lane.remove(a);
    contains("c");
    lane.remove(c);
    contains();
  }

  @Test
  void remove_leavesNoLinkInTheNode() {
    add("a");
    Node b = add("b");
    add("c");
    lane.remove(b);
    assertThat(b.older).isNull();
    assertThat(b.newer).isNull();
    assertThat(b.lane).isSameAs(lane);
  }

  @Test
  void add_afterClose_isRefused() {
    add("a");
    lane.close();
    Node late = new Owner("late", root, false);
    assertThat(lane.add(late)).isFalse();
    assertThat(late.lane).isNull();
    assertThat(lane.isClosed()).isTrue();
    contains("a");
  }

  @Test
  void tryLock_whileLocked_isFalse() {
    assertThat(lane.tryLock()).isTrue();
    assertThat(lane.tryLock()).isFalse();
    lane.unlock();
    assertThat(lane.tryLock()).isTrue();
    lane.unlock();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 128})
  void sampled_ofManyOpenings_isTrueForOneInSoMany(int every) {
    int sampled = 0;
    int last = -1;
    for (int i = 0; i < 1_000 * every; i++) {
      if (lane.sampled(every)) {
        assertThat(last < 0 || i - last == every).isTrue();
        last = i;
        sampled++;
      }
    }
    assertThat(sampled).isEqualTo(1_000);
  }

  @Test
  void grows_belowTheSmallestThreshold_keepsNoCounters() {
    for (int i = 0; i < Growth.SMALLEST - 1; i++) {
      assertThat(lane.grows(add("a"), 1_000, 1)).isFalse();
    }
    assertThat(lane.growth()).isNull();
    assertThat(lane.grows(add("a"), 1_000, 1)).isFalse();
    assertThat(lane.growth()).isNotNull();
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 20), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void addAndRemove_inRandomOrder_agreeWithAList(long seed) {
    Random random = new Random(seed);
    List<Node> model = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      if (model.isEmpty() || random.nextInt(step < 1_000 ? 3 : 2) > 0) {
        Node node = add("n" + step);
        lane.grows(node, 50, 1);
        model.add(0, node);
      } else {
        lane.remove(model.remove(random.nextInt(model.size())));
      }
      if (step % 50 == 0) {
        assertThat(newestFirst()).as("seed %d, step %d", seed, step).isEqualTo(names(model));
        List<String> reversed = oldestFirst();
        Collections.reverse(reversed);
        assertThat(reversed).as("seed %d, step %d", seed, step).isEqualTo(names(model));
        assertThat(lane.live()).isEqualTo(model.size());
      }
    }
  }
}
