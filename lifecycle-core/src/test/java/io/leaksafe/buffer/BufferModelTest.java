package io.leaksafe.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Random operations against a plain deque. */
class BufferModelTest {

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final boolean forgets = random.nextBoolean();
  private final boolean weighed = random.nextBoolean();
  private final int bound = 1 + random.nextInt(random.nextBoolean() ? 20 : 500);
  private final BoundedBuffer<Integer> buffer = make();
  private final ArrayDeque<Integer> model = new ArrayDeque<>();
  private long dropped;

  private BoundedBuffer<Integer> make() {
    if (weighed) {
      return forgets
          ? BoundedBuffer.keepLast((long) bound, w -> w)
          : BoundedBuffer.rejecting((long) bound, w -> w);
    }
    return forgets ? BoundedBuffer.keepLast(bound) : BoundedBuffer.rejecting(bound);
  }

  private long weight(int element) {
    return weighed ? Math.max(1, element) : 1;
  }

  private long sum() {
    return model.stream().mapToLong(this::weight).sum();
  }

  private boolean offer(int element) {
    long its = weight(element);
    if (its > bound || !forgets && sum() + its > bound) {
      dropped++;
      return false;
    }
    while (sum() + its > bound) {
      model.removeFirst();
      dropped++;
    }
    model.addLast(element);
    return true;
  }

  private List<Integer> drain(int most) {
    List<Integer> taken = new ArrayList<>();
    while (!model.isEmpty() && taken.size() < most) {
      taken.add(model.removeFirst());
    }
    return taken;
  }

  @RepeatedTest(50)
  void randomOperations_doTheSameAsAPlainDeque() {
    int steps = 1_000;
    int mostlyOffers = 50 + random.nextInt(45);
    for (int i = 0; i < steps; i++) {
      String where = "seed " + seed + ", step " + i;
      int kind = random.nextInt(100);
      if (kind < mostlyOffers) {
        int element = random.nextInt(random.nextBoolean() ? 3 : bound + 2);
        assertThat(buffer.offer(element)).as(where).isEqualTo(offer(element));
      } else if (kind < 98) {
        assertThat(buffer.poll()).as(where).isEqualTo(model.pollFirst());
      } else {
        int most = 1 + random.nextInt(2 * bound);
        assertThat(buffer.drain(most)).as(where).isEqualTo(drain(most));
      }
      assertThat(buffer.size()).as(where).isEqualTo(model.size());
      assertThat(buffer.weight()).as(where).isEqualTo(sum());
      assertThat(buffer.dropped()).as(where).isEqualTo(dropped);
      if (i % 20 == 0) {
        assertThat(buffer.snapshot()).as(where).containsExactlyElementsOf(model);
        RingCheck.verify(buffer);
      }
    }
  }
}
