package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MapBuilderTest extends MapTestCase {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            b -> b.build(),
            "Map 'map' has no bound, so it could grow until the memory is used up. Set maximumSize or maximumWeight."),
        mistake(
            b -> b.maximumSize(10).maximumWeight(20),
            "Map 'map' has both a maximumSize, 10, and a maximumWeight, 20. Set one of them."),
        mistake(b -> b.maximumSize(0), "maximumSize must be 1 or more, was 0."),
        mistake(b -> b.maximumWeight(-5), "maximumWeight must be 1 or more, was -5."),
        mistake(
            b -> b.maximumSize(10).maximumSize(20),
            "maximumSize of map 'map' is set twice, first to 10. Set it once."),
        mistake(
            b -> b.maximumWeight(10).build(),
            "Map 'map' has a maximumWeight of 10 and nothing that weighs. Set a weigher, or maximumSize to count "
                + "entries."),
        mistake(
            b -> b.maximumSize(10).weigher((key, value) -> 1).build(),
            "Map 'map' has a weigher and no bound for it. Set maximumWeight instead of maximumSize, or leave the "
                + "weigher out."),
        mistake(
            b -> b.expireAfterWrite(Duration.ZERO),
            "expireAfterWrite must be longer than zero, was 0 ns."),
        mistake(
            b -> b.expireAfterAccess(Duration.ofSeconds(-1)),
            "expireAfterAccess must be longer than zero, was -1 s."),
        mistake(
            b ->
                b.expireAfterAccess(Duration.ofSeconds(1)).expireAfterAccess(Duration.ofSeconds(2)),
            "expireAfterAccess of map 'map' is set twice, first to 1 s. Set it once."),
        mistake(
            b -> b.evict(Eviction.OLDEST).evict(Eviction.OLDEST),
            "evict of map 'map' is set twice, first to OLDEST. Set it once."),
        mistake(
            b -> b.evictFraction(1.5),
            "evictFraction must be more than 0 and at most 1, was 1.5. It is the part of the maximum that goes at "
                + "once."),
        mistake(
            b -> b.maximumSize(10).strict().build(),
            "strict() of map 'map' has no effect without expiry. Set expireAfterWrite, expireAfterAccess or expiry, "
                + "or leave it out."),
        mistake(
            b -> b.maximumSize(10).pinned().build(),
            "pinned() of map 'map' has no effect without leases. Use buildLeased(closer), or leave it out."),
        mistake(
            b -> b.recordStats().recordStats(),
            "recordStats of map 'map' is set twice. Set it once."));
  }

  private static Arguments mistake(Consumer<MapBuilder<Integer, String>> made, String message) {
    return Arguments.of(made, message);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakes_areClearErrors(Consumer<MapBuilder<Integer, String>> made, String message) {
    assertThatThrownBy(() -> made.accept(map())).hasMessage(message);
  }

  @Test
  void weigher_thatReturnsZero_isRefusedAndNothingIsPut() {
    BoundedMap<Integer, String> map =
        map().maximumWeight(10).weigher((key, value) -> 0).build();

    assertThatThrownBy(() -> map.put(1, "v"))
        .hasMessage("The weigher of map 'app/map' must return 1 or more, returned 0 for key '1'.");
    assertThatThrownBy(() -> map.computeIfAbsent(1, key -> "v")).hasMessageContaining("weigher");
    StoreCheck.verify(map);
  }
}
