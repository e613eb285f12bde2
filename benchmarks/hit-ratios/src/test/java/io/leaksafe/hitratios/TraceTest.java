package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceTest {

  @Test
  void accesses_areRanksInOrderOfTheFirstAccess() {
    Trace trace = Trace.of("t", 70, -3, 70, 0, -3);

    assertThat(trace.accesses()).containsExactly(0, 1, 0, 2, 1);
    assertThat(trace.length()).isEqualTo(5);
    assertThat(trace.distinct()).isEqualTo(3);
    assertThat(trace.key(0)).isEqualTo(70);
    assertThat(trace.key(1)).isEqualTo(-3);
  }

  @Test
  void nextUses_areThePositionsOfTheSameKeyOrNever() {
    assertThat(Trace.of("t", 7, 8, 7, 7).nextUses())
        .containsExactly(2, Integer.MAX_VALUE, 3, Integer.MAX_VALUE);
  }

  @Test
  void build_manyKeys_eachKeepsItsRank() {
    SplittableRandom random = new SplittableRandom(1);
    Trace.Builder builder = new Trace.Builder();
    long[] keys = random.longs(20_000, 0, 10_000).toArray();
    Set<Long> distinct = new HashSet<>();
    for (long key : keys) {
      builder.add(key);
      distinct.add(key);
    }

    Trace trace = builder.build("t");

    assertThat(trace.distinct()).isEqualTo(distinct.size());
    for (int i = 0; i < keys.length; i++) {
      assertThat(trace.key(trace.accesses()[i])).isEqualTo(keys[i]);
    }
  }
}
