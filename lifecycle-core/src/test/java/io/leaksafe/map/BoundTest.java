package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundTest extends MapTestCase {

  @ParameterizedTest
  @CsvSource({
    "OLDEST, 1", "OLDEST, 2", "OLDEST, 100", "OLDEST, 10000",
    "COLDEST, 1", "COLDEST, 2", "COLDEST, 100", "COLDEST, 10000"
  })
  void put_moreThanTheMaximum_isNeverOverAndEndsFull(Eviction eviction, int maximum) {
    BoundedMap<Integer, String> map = map().maximumSize(maximum).evict(eviction).build();

    for (int i = 0; i < 5 * maximum; i++) {
      map.put(i, "v" + i);
      assertThat(map.size()).isLessThanOrEqualTo(maximum);
    }

    assertThat(map).hasSize(maximum);
    assertThat(map.entrySet())
        .hasSize(maximum)
        .allSatisfy(entry -> assertThat(entry.getValue()).isEqualTo("v" + entry.getKey()));
  }

  @Test
  void put_intoAFullMapOfOldest_dropsExactlyTheOldest() {
    BoundedMap<Integer, String> map = map().maximumSize(10_000).build();

    IntStream.range(0, 50_000).forEach(i -> map.put(i, "v"));

    assertThat(map.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(40_000, 50_000).boxed().toList());
  }

  /** A4: the webhook log. */
  @Test
  void put_intoAFullMapWithAFraction_dropsExactlyTheOldestTenPercent() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10_000).evictFraction(0.10).build();
    IntStream.range(0, 10_000).forEach(i -> map.put(i, "v"));

    map.put(10_000, "v");

    assertThat(map.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(1_000, 10_001).boxed().toList());
    for (int i = 10_001; i < 50_000; i++) {
      map.put(i, "v");
      assertThat(map.size()).isBetween(9_000, 10_000);
    }
  }

  @Test
  void put_overPresentKeys_changesNoPlaceInTheOrder() {
    BoundedMap<Integer, String> map = map().maximumSize(3).build();
    IntStream.range(0, 3).forEach(i -> map.put(i, "v"));

    map.put(0, "again");
    map.put(3, "v");

    assertThat(map.keySet()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void remove_fromAFullMap_makesRoomForOneMore() {
    BoundedMap<Integer, String> map = map().maximumSize(3).build();
    IntStream.range(0, 3).forEach(i -> map.put(i, "v"));

    map.remove(1);
    map.put(3, "v");

    assertThat(map.keySet()).containsExactlyInAnyOrder(0, 2, 3);
  }

  @Test
  void put_intoAFullMapOfColdest_keepsWhatIsReadOften() {
    BoundedMap<Integer, String> map =
        map().maximumSize(1_000).evict(Eviction.COLDEST).build();
    IntStream.range(0, 1_000).forEach(i -> map.put(i, "v"));

    for (int i = 1_000; i < 20_000; i++) {
      map.put(i, "v");
      map.get(i % 500);
    }

    assertThat(IntStream.range(0, 500).filter(map::containsKey).count()).isGreaterThan(450);
  }
}
