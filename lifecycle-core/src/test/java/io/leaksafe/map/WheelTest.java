package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelTest {

  private static final long TICK = 1L << 20;

  private final Wheel wheel = new Wheel(0);
  private final List<Object> expired = new ArrayList<>();

  private TimedCell place(int key, long deadline) {
    TimedCell cell = new TimedCell(key, key, "v", deadline);
    wheel.place(cell);
    return cell;
  }

  private boolean expire(TimedCell cell) {
    expired.add(cell.key);
    cell.killQuietly();
    return true;
  }

  private void advance(long now) {
    assertThat(wheel.advance(now, Integer.MAX_VALUE, this::expire)).isFalse();
  }

  @Test
  void advance_tickBeforeADeadline_expiresNothing() {
    place(1, 10 * TICK);
    advance(10 * TICK - 1);
    assertThat(expired).isEmpty();
    advance(10 * TICK);
    assertThat(expired).containsExactly(1);
    assertThat(wheel.next()).isEqualTo(Wheel.NEVER);
  }

  @Test
  void place_ofWhatNeverExpires_standsNowhere() {
    assertThat(wheel.place(new TimedCell(1, 1, "v", Wheel.NEVER))).isEqualTo(Wheel.NEVER);
    assertThat(wheel.slots()).isZero();
  }

  @Test
  void moved_toALaterTime_isPlacedAgainWhenItsOldTimeComes() {
    TimedCell cell = place(1, 10 * TICK);
    cell.deadline = 5_000 * TICK;
    assertThat(wheel.moved(cell)).isEqualTo(Wheel.NEVER);
    advance(4_999 * TICK);
    assertThat(expired).isEmpty();
    advance(5_000 * TICK);
    assertThat(expired).containsExactly(1);
  }

  @Test
  void moved_toAnEarlierTime_isPlacedAtOnce_andExpiresOnce() {
    TimedCell cell = place(1, 100_000 * TICK);
    cell.deadline = 3 * TICK;
    assertThat(wheel.moved(cell)).isLessThanOrEqualTo(3 * TICK);
    advance(3 * TICK);
    assertThat(expired).containsExactly(1);
    advance(200_000 * TICK);
    assertThat(expired).hasSize(1);
  }

  @Test
  void advance_inPortions_goesOnWhereItStopped() {
    for (int i = 0; i < 100; i++) {
      place(i, 10 * TICK);
    }
    int calls = 0;
    while (wheel.advance(11 * TICK, 30, this::expire)) {
      calls++;
      assertThat(wheel.next()).as("at once").isLessThanOrEqualTo(11 * TICK);
    }
    assertThat(calls).isEqualTo(3);
    assertThat(expired).hasSize(100);
  }

  @Test
  void leave_ofManyBeforeTheirTime_leavesFewPlaces() {
    for (int i = 0; i < 100_000; i++) {
      TimedCell cell = place(i, 1_000_000 * TICK);
      cell.killQuietly();
      wheel.leave(cell);
    }
    assertThat(wheel.slots()).isLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void deadlines_atRandom_expireInTheirTicks(long seed) {
    Random random = new Random(seed);
    List<TimedCell> pending = new ArrayList<>();
    long now = 0;
    for (int step = 0; step < 3_000; step++) {
      long ahead = 1 + (random.nextLong() >>> 24 + random.nextInt(36));
      pending.add(place(step, now + ahead));
      if (random.nextInt(4) == 0) {
        TimedCell moves = pending.get(random.nextInt(pending.size()));
        moves.deadline = now + 1 + (random.nextLong() >>> 24 + random.nextInt(36));
        wheel.moved(moves);
      }
      now += random.nextLong() >>> 34 + random.nextInt(20);
      advance(now);
      long tick = now / TICK;
      for (TimedCell cell : List.copyOf(pending)) {
        boolean due = (cell.deadline + TICK - 1) / TICK <= tick;
        assertThat(cell.value == null).as("seed %d, step %d", seed, step).isEqualTo(due);
        if (due) {
          pending.remove(cell);
        }
      }
      long next = pending.stream()
          .map(cell -> cell.deadline)
          .min(Comparator.naturalOrder())
          .orElse(Wheel.NEVER);
      assertThat(wheel.next()).isLessThanOrEqualTo(next == Wheel.NEVER ? next : next + TICK);
    }
    assertThat(expired).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3L << 45, Long.MAX_VALUE >> 1, Long.MAX_VALUE - 5 * TICK})
  void deadlines_howeverFar_expireInTheirTicks(long start) {
    Wheel late = new Wheel(start);
    List<TimedCell> cells = new ArrayList<>();
    for (int bit = 0; bit < 63; bit++) {
      long deadline = start + (1L << bit);
      if (deadline > start && deadline != Wheel.NEVER) {
        cells.add(new TimedCell(bit, bit, "v", deadline));
      }
    }
    cells.add(new TimedCell(63, 63, "v", Wheel.NEVER - 1));
    cells.forEach(late::place);
    long now = start;
    for (TimedCell cell : cells) {
      assertThat(cell.place != 0 || cell.value == null)
          .as("2^%s: placed", cell.key)
          .isTrue();
      long over = Math.min(cell.deadline - 1 >>> 20, (Long.MAX_VALUE >>> 20) - 1) + 1 << 20;
      if (over > now + 1) {
        late.advance(over - 1, Integer.MAX_VALUE, this::expire);
        assertThat(cell.value).as("2^%s ahead, the tick before", cell.key).isNotNull();
      }
      late.advance(over, Integer.MAX_VALUE, this::expire);
      assertThat(cell.value).as("2^%s ahead", cell.key).isNull();
      now = over;
    }
    assertThat(late.next()).isEqualTo(Wheel.NEVER);
  }
}
