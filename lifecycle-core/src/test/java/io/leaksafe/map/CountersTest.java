package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CountersTest {

  private final Counters counters = new Counters();

  @Test
  void copy_ofNothing_isAllZero() {
    assertThat(counters.copy()).isEqualTo(new MapStats(0, 0, 0, 0, Duration.ZERO, 0, 0));
  }

  @Test
  void copy_countsEachKindForItself() {
    counters.read(true);
    counters.read(true);
    counters.read(false);
    counters.computed(true, 30);
    counters.computed(false, 12);
    counters.left(RemovalCause.EVICTED);
    counters.left(RemovalCause.EXPIRED);
    counters.left(RemovalCause.EXPIRED);

    assertThat(counters.copy()).isEqualTo(new MapStats(2, 1, 1, 1, Duration.ofNanos(42), 1, 2));
  }

  @Test
  void left_becauseSomebodySaidSo_countsAsNeither() {
    counters.left(RemovalCause.REMOVED);
    counters.left(RemovalCause.REPLACED);
    counters.left(RemovalCause.CLOSED);

    assertThat(counters.copy()).isEqualTo(new MapStats(0, 0, 0, 0, Duration.ZERO, 0, 0));
  }

  @Test
  void copy_doesNotChangeAfterwards() {
    MapStats before = counters.copy();
    counters.read(true);

    assertThat(before.hits()).isZero();
    assertThat(counters.copy().hits()).isEqualTo(1);
  }
}
