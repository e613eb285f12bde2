package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the time of a close is divided. All figures in nanoseconds from a start of the test's choice. */
class SharesTest {

  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;

  /** So near the end of the clock that the deadline lies beyond it. */
  private static final long START = Long.MAX_VALUE - S;

  private static final long NO_LIMIT = 0;

  private final Shares shares = new Shares(START, 5 * S);

  private long next(long after, long own, boolean last) {
    return shares.next(START + after, own, last);
  }

  @Test
  void next_ofTheFirst_isHalfOfTheTotal() {
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(2_500 * MS);
  }

  @Test
  void next_ofTheLast_isAllThatIsLeft() {
    assertThat(next(0, NO_LIMIT, true)).isEqualTo(5 * S);
    assertThat(next(4 * S, NO_LIMIT, true)).isEqualTo(S);
  }

  @Test
  void next_laterOn_isHalfOfWhatIsLeft() {
    assertThat(next(3 * S, NO_LIMIT, false)).isEqualTo(S);
  }

  @Test
  void next_afterAnOverrun_isHalfAsMuch() {
    shares.overrun();
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(1_250 * MS);
    shares.overrun();
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(625 * MS);
  }

  @Test
  void next_afterOneThatEndedInTime_growsBack() {
    shares.overrun();
    shares.overrun();
    shares.inTime();
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(1_250 * MS);
    shares.inTime();
    shares.inTime();
    shares.inTime();
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(2_500 * MS);
  }

  @Test
  void next_afterVeryManyOverruns_isStillA64thOfWhatIsLeft() {
    for (int i = 0; i < 1_000; i++) {
      shares.overrun();
    }
    assertThat(next(0, NO_LIMIT, false)).isEqualTo(5 * S / 64);
    assertThat(next(4_990 * MS, NO_LIMIT, false)).isEqualTo(MS);
  }

  @Test
  void next_nearTheEnd_isAtLeastAMillisecond() {
    assertThat(next(5 * S - 1, NO_LIMIT, false)).isEqualTo(MS);
    assertThat(next(5 * S - 1, NO_LIMIT, true)).isEqualTo(MS);
    assertThat(next(5 * S - 1, S, false)).isEqualTo(MS);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, S, 1_000_000 * S})
  void next_afterTheEnd_skipsNobody(long later) {
    assertThat(next(5 * S + later, NO_LIMIT, false)).isEqualTo(100 * MS);
    assertThat(next(5 * S + later, 10 * S, true)).isEqualTo(100 * MS);
  }

  @Test
  void next_withALimitOfItsOwn_isThat() {
    assertThat(next(0, 100 * MS, false)).isEqualTo(100 * MS);
    assertThat(next(0, 3 * S, false)).isEqualTo(3 * S);
    shares.overrun();
    assertThat(next(0, 3 * S, false)).isEqualTo(3 * S);
  }

  @Test
  void next_withALimitBeyondTheTotal_leavesAnEighthToTheOthers() {
    assertThat(next(0, Long.MAX_VALUE, false)).isEqualTo(5 * S - 5 * S / 8);
    assertThat(next(0, Long.MAX_VALUE, true)).isEqualTo(5 * S);
  }

  @Test
  void firstLook_isWhenTheFirstShareIsOver() {
    assertThat(shares.firstLook() - START).isEqualTo(2_500 * MS);
  }

  @Test
  void waitUntil_isLittleAfterTheDeadline() {
    assertThat(shares.waitUntil() - START).isBetween(5 * S, 5_100 * MS);
  }

  @Test
  void total_ofTheLargestLong_doesNotOverflow() {
    Shares endless = new Shares(START, Long.MAX_VALUE);
    assertThat(endless.next(START, NO_LIMIT, false)).isPositive();
    long muchLater = START + Long.parseLong("1000000") * S; // overflows, as clocks do
    assertThat(endless.next(muchLater, NO_LIMIT, true)).isGreaterThan(1_000_000 * S);
    assertThat(endless.waitUntil() - START).isPositive();
    assertThat(endless.firstLook() - START).isPositive();
  }

  @Test
  void grace_isAQuarterOfTheShareBetween1And50Ms() {
    assertThat(Shares.grace(100 * MS)).isEqualTo(25 * MS);
    assertThat(Shares.grace(2_500 * MS)).isEqualTo(50 * MS);
    assertThat(Shares.grace(MS)).isEqualTo(MS);
    assertThat(Shares.grace(0)).isEqualTo(MS);
  }

  @Test
  void hangingClosersAlone_howeverMany_leaveSomethingToTheRest() {
    long now = 0;
    for (int i = 0; i < 100; i++) {
      now += next(now, NO_LIMIT, false);
      shares.overrun();
    }
    assertThat(5 * S - now).isGreaterThan(300 * MS);
  }
}
