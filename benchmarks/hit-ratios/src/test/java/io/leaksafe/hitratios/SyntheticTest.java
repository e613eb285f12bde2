package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticTest {

  private static final int LENGTH = 20_000;
  private static final int KEYS = 1_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zipf-0.9",
        "drift-0.9",
        "churn-0.9",
        "scan-0.9",
        "loop",
        "zigzag",
        "mixed-0.9",
        "webhooks",
        "sessions-0.9"
      })
  void trace_sameSeed_isTheSame_otherSeed_isNot(String name) {
    Trace trace = trace(name, 1);

    assertThat(trace.name()).isEqualTo(name);
    assertThat(trace.length()).isEqualTo(LENGTH);
    assertThat(keys(trace)).isEqualTo(keys(trace(name, 1)));
    assertThat(keys(trace)).isNotEqualTo(keys(trace(name, 2)));
  }

  @Test
  void loop_goesThroughAllKeysInOrder() {
    assertThat(Synthetic.named("loop").trace(7, 3, 1).accesses())
        .containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void zigzag_turnsAtBothEnds() {
    assertThat(Synthetic.named("zigzag").trace(9, 4, 1).accesses())
        .containsExactly(0, 1, 2, 3, 2, 1, 0, 1, 2);
  }

  @Test
  void zipf_firstKeyComesAsOftenAsTheLawSays() {
    Trace trace = trace("zipf-1.0", 1);
    int[] counts = counts(trace);
    Arrays.sort(counts);
    double harmonic = 0;
    for (int i = 1; i <= KEYS; i++) {
      harmonic += 1.0 / i;
    }

    assertThat((double) counts[counts.length - 1])
        .isBetween(0.9 * LENGTH / harmonic, 1.1 * LENGTH / harmonic);
    assertThat((double) counts[counts.length - 2])
        .isBetween(0.4 * LENGTH / harmonic, 0.6 * LENGTH / harmonic);
  }

  @Test
  void zipf_exponentZero_isEven() {
    assertThat(Arrays.stream(counts(trace("zipf-0", 1))).max().orElseThrow()).isLessThan(50);
  }

  @Test
  void churn_hasNewKeysTwentyTimes() {
    assertThat(trace("churn-3", 1).distinct()).isGreaterThan(20 * 4).isLessThan(20 * 100);
  }

  @Test
  void scan_aTenthOfTheAccessesIsNeverSeenAgain() {
    int[] counts = counts(trace("scan-2", 1));

    assertThat(Arrays.stream(counts).filter(count -> count == 1).count())
        .isGreaterThan(LENGTH / 11);
  }

  @Test
  void webhooks_keysComeAFewTimesEach() {
    int[] counts = counts(trace("webhooks", 1));

    assertThat(Arrays.stream(counts).average().orElseThrow()).isBetween(6.0, 10.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zipf", "loop-1", "", "oltp", "Zipf-1"})
  void named_unknown_saysWhatThereIs(String name) {
    assertThatThrownBy(() -> Synthetic.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "There is no synthetic trace '" + name + "'. There are zipf-<exponent>, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "6", "NaN", ""})
  void named_exponentOutOfRange_saysWhich(String exponent) {
    assertThatThrownBy(() -> Synthetic.named("zipf-" + exponent))
        .hasMessage("The exponent of 'zipf-" + exponent + "' must be a number from 0 to 5, was '"
            + exponent + "'.");
  }

  private static Trace trace(String name, long seed) {
    return Synthetic.named(name).trace(LENGTH, KEYS, seed);
  }

  private static long[] keys(Trace trace) {
    return Arrays.stream(trace.accesses()).mapToLong(rank -> trace.key(rank)).toArray();
  }

  private static int[] counts(Trace trace) {
    int[] counts = new int[trace.distinct()];
    for (int rank : trace.accesses()) {
      counts[rank]++;
    }
    return counts;
  }
}
