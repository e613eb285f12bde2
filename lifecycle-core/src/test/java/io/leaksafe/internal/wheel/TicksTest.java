package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicksTest {

  private static final long TICK = 1L << 16;

  private final Ticks fine = new Ticks(1_000, 16);
  private final Ticks exact = new Ticks(1_000, 0);

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "65535, 1", "65536, 1", "65537, 2", "655360, 10"})
  void of_momentsAfterTheOrigin_roundsUp(long since, long tick) {
    assertThat(fine.of(1_000 + since)).isEqualTo(tick);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "65535, 0", "65536, 1", "65537, 1", "655360, 10"})
  void in_momentsAfterTheOrigin_roundsDown(long since, long tick) {
    assertThat(fine.in(1_000 + since)).isEqualTo(tick);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -TICK, -(1L << 61)})
  void of_momentBeforeTheOrigin_isTheFirstTick(long since) {
    assertThat(fine.of(1_000 + since)).isZero();
    assertThat(fine.in(1_000 + since)).isZero();
  }

  @Test
  void of_exact_isTheNanosecond() {
    assertThat(exact.of(1_000 + 12_345)).isEqualTo(12_345);
    assertThat(exact.in(1_000 + 12_345)).isEqualTo(12_345);
    assertThat(exact.until(12_345, 1_000 + 45)).isEqualTo(12_300);
  }

  @Test
  void of_momentBehindTheOverflowOfTheClock_countsOn() {
    long origin = Long.MAX_VALUE - 10;
    Ticks late = new Ticks(origin, 16);
    assertThat(late.of(origin + 3 * TICK)).isEqualTo(3);
    assertThat(late.in(origin + 3 * TICK)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void of_momentThatIsTooFarToBeTold_isTheLastAndNotTheFirst(int shift) {
    Ticks ticks = new Ticks(0, shift);
    long last = ticks.of(Long.MAX_VALUE);
    assertThat(last).isEqualTo((Long.MAX_VALUE >>> shift) + (shift == 0 ? 0 : 1));
    assertThat(ticks.of(Long.MIN_VALUE)).isEqualTo(last);
    assertThat(ticks.of(Long.MIN_VALUE + Long.MAX_VALUE / 4)).isEqualTo(last);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void until_theLastTick_isNotInThePast(int shift) {
    Ticks ticks = new Ticks(5, shift);
    long last = ticks.of(Long.MAX_VALUE);
    assertThat(ticks.until(last, 5)).isGreaterThan(Long.MAX_VALUE - 2 * TICK);
    assertThat(ticks.until(last, 5 + TICK)).isGreaterThan(Long.MAX_VALUE - 3 * TICK);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 10, 16, 20})
  void digits_ofAnyLengthOfATick_areEnoughForTheLast(int shift) {
    Ticks ticks = new Ticks(0, shift);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(ticks.of(Long.MAX_VALUE));
    assertThat(ticks.digits(6) * 6).isBetween(bits, bits + 6);
  }
}
