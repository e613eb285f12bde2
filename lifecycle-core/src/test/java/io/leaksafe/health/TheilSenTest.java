package io.leaksafe.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The slope of points, and how sure it is. */
class TheilSenTest {

  private static final long HOUR = 3_600_000_000_000L;

  /** So many points an hour apart on a line of the given slope, with noise, of which some lie far off. */
  private static Trend trend(int points, double slope, double noise, int outliers, long seed) {
    Random random = new Random(seed);
    long[] nanos = new long[points];
    double[] values = new double[points];
    for (int i = 0; i < points; i++) {
      nanos[i] = i * HOUR;
      values[i] = slope * i + noise * random.nextGaussian();
    }
    for (int i = 0; i < outliers; i++) {
      values[random.nextInt(points)] += 1e6;
    }
    return TheilSen.of(nanos, values, points);
  }

  @Test
  void of_aLine_isItsSlope() {
    Trend trend = trend(50, 5, 0, 0, 1);
    assertThat(trend.bytesPerHour()).isCloseTo(5, offset(1e-9));
    assertThat(trend.low()).isCloseTo(5, offset(1e-9));
    assertThat(trend.high()).isCloseTo(5, offset(1e-9));
    assertThat(trend.over().toHours()).isEqualTo(49);
  }

  @Test
  void of_aLineWithOutliers_isHardlyMoved() {
    Trend trend = trend(50, 5, 1, 8, 2);
    assertThat(trend.bytesPerHour()).isCloseTo(5, offset(0.5));
    assertThat(trend.grows()).isTrue();
  }

  @Test
  void of_noiseAlone_seldomGrows() {
    int alarms = 0;
    for (int seed = 0; seed < 400; seed++) {
      alarms += trend(40, 0, 1, 0, seed).grows() ? 1 : 0;
    }
    assertThat(alarms).as("of 400; one in 40 is to be expected").isBetween(1, 24);
  }

  @Test
  void of_manyLines_holdsTheTrueSlopeInNineteenOfTwenty() {
    int hits = 0;
    for (int seed = 0; seed < 400; seed++) {
      Trend trend = trend(40, 3, 5, 0, seed);
      hits += trend.low() <= 3 && 3 <= trend.high() ? 1 : 0;
    }
    assertThat(hits).as("of 400").isBetween(364, 396);
  }

  @Test
  void of_fewPoints_saysThatItDoesNotKnow() {
    for (int points = 0; points < 8; points++) {
      Trend trend = trend(points, 5, 0, 0, 1);
      assertThat(trend.samples()).isEqualTo(points);
      assertThat(trend.grows()).isFalse();
      assertThat(trend).hasToString("unknown yet");
    }
    assertThat(trend(8, 5, 0, 0, 1).grows()).isTrue();
  }

  @Test
  void of_shrinking_doesNotGrow() {
    Trend trend = trend(20, -1_048_576, 0, 0, 1);
    assertThat(trend.grows()).isFalse();
    assertThat(trend)
        .hasToString("no growth to be told: -1 MB/h (-1 MB to -1 MB, 20 samples over 19 h)");
  }
}
