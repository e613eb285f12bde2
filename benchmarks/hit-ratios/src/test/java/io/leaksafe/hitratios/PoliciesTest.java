package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each policy against a version of it that is slow and plain. */
class PoliciesTest {

  private static final int[] SIZES = {1, 2, 3, 7, 10, 25, 60, 150, 400};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void lru_agreesWithALinkedHashMap(long seed) {
    Trace trace = random(seed);
    for (int size : SIZES) {
      assertThat(new Lru().hits(trace, size))
          .as("seed %d, size %d", seed, size)
          .isEqualTo(naiveLru(trace, size));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void s3Fifo_agreesWithDeques(long seed) {
    Trace trace = random(seed);
    for (int size : SIZES) {
      assertThat(new S3Fifo().hits(trace, size))
          .as("seed %d, size %d", seed, size)
          .isEqualTo(naiveS3Fifo(trace, size));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void optimal_agreesWithLookingAheadEachTime(long seed) {
    Trace trace = random(seed);
    for (int size : SIZES) {
      assertThat(new Optimal().hits(trace, size))
          .as("seed %d, size %d", seed, size)
          .isEqualTo(naiveOptimal(trace, size));
    }
  }

  @Test
  void optimal_isNeverBelowAnyOther() {
    Trace trace = random(4);
    for (int size : SIZES) {
      long best = new Optimal().hits(trace, size);
      Policies.all()
          .forEach((name, policy) -> assertThat(policy.hits(trace, size))
              .as("%s, size %d", name, size)
              .isLessThanOrEqualTo(best));
    }
  }

  @Test
  void all_roomForEveryKey_missOnlyTheFirstAccessOfEach() {
    Trace trace = random(5);
    Policies.all()
        .forEach((name, policy) -> assertThat(policy.hits(trace, 10 * trace.distinct()))
            .as(name)
            .isEqualTo(trace.length() - trace.distinct()));
  }

  @Test
  void all_roomForOne_repeatedKey_hitsButOnce() {
    Trace trace = Trace.of("t", 1, 1, 1, 1);
    Policies.all()
        .forEach((name, policy) -> assertThat(policy.hits(trace, 1)).as(name).isEqualTo(3));
  }

  /** Skewed, with loops in between, so that queues, ghosts and second chances are all used. */
  private static Trace random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Zipf zipf = new Zipf(300, 0.9);
    Trace.Builder trace = new Trace.Builder();
    while (trace.length() < 6_000) {
      for (int i = random.nextInt(300); i > 0; i--) {
        trace.add(zipf.draw(random));
      }
      int loop = 1 + random.nextInt(80);
      for (int i = random.nextInt(200); i > 0; i--) {
        trace.add(1_000 + i % loop);
      }
    }
    return trace.build("random");
  }

  private static long naiveLru(Trace trace, int size) {
    Map<Integer, Boolean> held = new LinkedHashMap<>(16, 0.75f, true);
    long hits = 0;
    for (int rank : trace.accesses()) {
      if (held.get(rank) != null) {
        hits++;
      } else {
        held.put(rank, true);
        if (held.size() > size) {
          held.remove(held.keySet().iterator().next());
        }
      }
    }
    return hits;
  }

  private static long naiveS3Fifo(Trace trace, int size) {
    Deque<Integer> small = new ArrayDeque<>();
    Deque<Integer> main = new ArrayDeque<>();
    Set<Integer> ghosts = new LinkedHashSet<>();
    Map<Integer, Integer> frequency = new HashMap<>();
    int smallRoom = size / 10;
    long hits = 0;
    for (int rank : trace.accesses()) {
      if (frequency.containsKey(rank)) {
        hits++;
        frequency.merge(rank, 1, (old, one) -> Math.min(3, old + one));
        continue;
      }
      while (frequency.size() >= size) {
        if (small.size() > smallRoom || main.isEmpty()) {
          int head = small.remove();
          if (frequency.get(head) > 1) {
            main.add(head);
            frequency.put(head, 0);
          } else {
            frequency.remove(head);
            if (ghosts.size() >= size - smallRoom) {
              ghosts.remove(ghosts.iterator().next());
            }
            ghosts.add(head);
          }
        } else {
          int head = main.remove();
          if (frequency.get(head) > 0) {
            frequency.merge(head, -1, Integer::sum);
            main.add(head);
          } else {
            frequency.remove(head);
          }
        }
      }
      (ghosts.remove(rank) ? main : small).add(rank);
      frequency.put(rank, 0);
    }
    return hits;
  }

  /** The newcomer is one of those from which the victim is chosen. */
  private static long naiveOptimal(Trace trace, int size) {
    List<TreeSet<Integer>> uses = new ArrayList<>();
    for (int rank = 0; rank < trace.distinct(); rank++) {
      uses.add(new TreeSet<>());
    }
    for (int i = 0; i < trace.length(); i++) {
      uses.get(trace.accesses()[i]).add(i);
    }
    Set<Integer> held = new LinkedHashSet<>();
    long hits = 0;
    for (int i = 0; i < trace.length(); i++) {
      int now = i;
      if (held.contains(trace.accesses()[i])) {
        hits++;
        continue;
      }
      held.add(trace.accesses()[i]);
      if (held.size() > size) {
        held.remove(held.stream()
            .max((a, b) -> Integer.compare(next(uses.get(a), now), next(uses.get(b), now)))
            .orElseThrow());
      }
    }
    return hits;
  }

  private static int next(TreeSet<Integer> uses, int now) {
    Integer next = uses.higher(now);
    return next == null ? Integer.MAX_VALUE : next;
  }
}
