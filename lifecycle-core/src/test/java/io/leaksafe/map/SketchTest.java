package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SketchTest {

  private final Sketch sketch = new Sketch(1_000);

  private static int hash(int key) {
    return Table.spread(key);
  }

  @Test
  void estimate_ofANewKey_isZero() {
    assertThat(sketch.estimate(hash(1))).isZero();
  }

  @Test
  void add_countsUpToFifteen() {
    for (int i = 1; i <= 15; i++) {
      assertThat(sketch.add(hash(1), 1)).isEqualTo(i);
    }
    assertThat(sketch.add(hash(1), 4)).isEqualTo(15);
    assertThat(sketch.estimate(hash(1))).isEqualTo(15);
  }

  @Test
  void estimate_ofAsManyKeysAsThereIsRoomFor_isSeldomTooHighAndNeverTooLow() {
    for (int key = 0; key < 1_000; key++) {
      sketch.add(hash(key), 1 + key % 3);
    }
    int tooHigh = 0;
    for (int key = 0; key < 1_000; key++) {
      int estimate = sketch.estimate(hash(key));
      assertThat(estimate).isGreaterThanOrEqualTo(1 + key % 3);
      tooHigh += estimate > 1 + key % 3 ? 1 : 0;
    }
    assertThat(tooHigh).isLessThan(100);
  }

  @Test
  void add_twentyTimesForEachKey_forgetsHalf() {
    sketch.add(hash(-1), 8);
    int before = sketch.estimate(hash(-1));
    for (int i = 0; i < 20 * 1_000; i++) {
      sketch.add(hash(i % 4_000), 1);
    }
    assertThat(sketch.estimate(hash(-1))).isBetween(before / 2, before / 2 + 4).isLessThan(8 + 4);
  }
}
