package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How long the waits are. */
class BackoffTest {

  private static LongStream waits(Backoff backoff, int count) {
    return IntStream.rangeClosed(1, count).mapToLong(backoff::after);
  }

  @Test
  void after_withoutJitter_doublesUpToTheCap() {
    assertThat(waits(new Backoff(200, 3_000, 0, null), 7))
        .containsExactly(200L, 400L, 800L, 1_600L, 3_000L, 3_000L, 3_000L);
  }

  @Test
  void after_firstIsZero_isAlwaysZero() {
    assertThat(waits(new Backoff(0, 3_000, 0.5, new Random(1)), 100)).containsOnly(0L);
  }

  @Test
  void after_anyNumberOfAttempts_neverOverflows() {
    for (long first : new long[] {1, 3, 1_000_000, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
      Backoff backoff = new Backoff(first, Long.MAX_VALUE, 1, new Random(1));
      for (int attempt :
          new int[] {1, 2, 30, 31, 32, 61, 62, 63, 64, 65, 1_000, Integer.MAX_VALUE}) {
        assertThat(backoff.after(attempt)).isNotNegative();
      }
      Backoff even = new Backoff(first, Long.MAX_VALUE, 0, null);
      assertThat(even.after(Integer.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void after_withJitter_staysWithinItsPartAndTheCap() {
    Backoff backoff = new Backoff(1_000, 3_000, 0.2, new Random(7));
    for (int i = 0; i < 10_000; i++) {
      assertThat(backoff.after(1)).isBetween(800L, 1_200L);
      assertThat(backoff.after(5)).isBetween(2_400L, 3_000L);
    }
  }

  @Test
  void after_sameSeed_sameWaits() {
    Backoff one = new Backoff(1_000, 30_000, 0.5, new Random(7));
    Backoff two = new Backoff(1_000, 30_000, 0.5, new Random(7));
    assertThat(waits(one, 20).toArray()).isEqualTo(waits(two, 20).toArray());
  }
}
