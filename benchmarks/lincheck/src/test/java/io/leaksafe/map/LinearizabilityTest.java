package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever threads do at once, each of them sees what it could have seen had they done it one after another. The bound is
 * never reached.
 *
 * <p>Stress mode runs each scenario on real threads; model checking runs it under many schedules of its own, switching
 * between any two accesses to memory, though in sequential consistency. A build runs a part of the first; all kinds of maps and
 * the second take {@code -Dlincheck.times=2} or more.
 */
class LinearizabilityTest {

  private static final int TIMES = Integer.getInteger("lincheck.times", 1);
  private static final int ROOM = 100;

  public static class Oldest extends Operations {
    public Oldest() {
      super(Maps.of(ROOM, Eviction.OLDEST));
    }
  }

  public static class Coldest extends Operations {
    public Coldest() {
      super(Maps.of(ROOM, Eviction.COLDEST));
    }
  }

  /** The first key that is inserted doubles the table. */
  public static class Growing extends Operations {
    public Growing() {
      super(Maps.filled(Eviction.OLDEST, Maps.BEFORE_GROWTH));
    }
  }

  /** The first key that is inserted splits the shard. */
  public static class Splitting extends Operations {
    public Splitting() {
      super(Maps.filled(Eviction.COLDEST, Maps.BEFORE_SPLIT));
    }
  }

  public static class Told extends Operations {
    public Told() {
      super(Maps.told(ROOM, Eviction.OLDEST));
    }
  }

  public static class Expiring extends Operations {
    public Expiring() {
      super(Maps.expiring(ROOM, Eviction.COLDEST));
    }
  }

  /** The first key that is inserted fills the chain of its hash code, the second one stands beside the table. */
  public static class Crowding extends Operations {
    public Crowding() {
      super(Maps.colliding(Eviction.OLDEST, Colliding.SameInOrder::new, Maps.BEFORE_CROWD));
    }
  }

  /** Both stand beside the table. */
  public static class Crowded extends Operations {
    public Crowded() {
      super(Maps.colliding(Eviction.COLDEST, Colliding.SameInOrder::new, Maps.BEFORE_CROWD + 5));
    }
  }

  /** Both stand in a long chain. */
  public static class Chained extends Operations {
    public Chained() {
      super(Maps.colliding(Eviction.OLDEST, Colliding.Same::new, Maps.BEFORE_CROWD + 5));
    }
  }

  public static class OneKeyOfOldest extends OneKey {
    public OneKeyOfOldest() {
      super(Maps.of(ROOM, Eviction.OLDEST));
    }
  }

  public static class OneKeyOfHashMap extends OneKey {
    public OneKeyOfHashMap() {
      super(new HashMap<>());
    }
  }

  /** All of them in a long run; else those in which most happens at once, so that a build stays short. */
  static Stream<Class<? extends Operations>> maps() {
    return isLong()
        ? Stream.of(
            Oldest.class,
            Coldest.class,
            Growing.class,
            Splitting.class,
            Told.class,
            Expiring.class,
            Crowding.class,
            Crowded.class,
            Chained.class)
        : Stream.of(Growing.class, Told.class, Crowding.class, Chained.class);
  }

  /** In a long run; and reading the clock is not for a checker that must repeat what it did. */
  static Stream<Class<? extends Operations>> mapsWithoutTime() {
    return isLong() ? maps().filter(map -> map != Expiring.class) : Stream.empty();
  }

  private static boolean isLong() {
    return TIMES > 1;
  }

  @ParameterizedTest
  @MethodSource("maps")
  void onRealThreads(Class<? extends Operations> map) {
    check(new StressOptions().iterations(3 * TIMES).invocationsPerIteration(200), map);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("mapsWithoutTime")
  void underManySchedules(Class<? extends Operations> map) {
    check(new ModelCheckingOptions().iterations(TIMES).invocationsPerIteration(60), map);
  }

  @Test
  void computations_onRealThreads() {
    check(
        new StressOptions().iterations(3 * TIMES).invocationsPerIteration(500),
        OneKeyOfOldest.class,
        OneKeyOfHashMap.class);
  }

  @Test
  void computations_underManySchedules() {
    assumeThat(isLong()).as("takes a minute").isTrue();
    check(
        new ModelCheckingOptions().iterations(TIMES).invocationsPerIteration(150),
        OneKeyOfOldest.class,
        OneKeyOfHashMap.class);
  }

  private static void check(Options<?, ?> options, Class<? extends Operations> map) {
    check(options, map, OverHashMap.class);
  }

  private static void check(Options<?, ?> options, Class<?> map, Class<?> specification) {
    options
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .sequentialSpecification(specification)
        .minimizeFailedScenario(false)
        .check(map);
  }

  /** A map that is right in everything, except that it computes as one would who looks, and then puts. */
  private static final class LooksThenPuts extends AbstractMap<Integer, Integer> {
    private final Map<Integer, Integer> map = Maps.of(ROOM, Eviction.OLDEST);

    @Override
    public @Nullable Integer get(Object key) {
      return map.get(key);
    }

    @Override
    public @Nullable Integer put(Integer key, Integer value) {
      return map.put(key, value);
    }

    @Override
    public @Nullable Integer remove(Object key) {
      return map.remove(key);
    }

    @Override
    public @Nullable Integer compute(
        Integer key,
        BiFunction<? super Integer, ? super @Nullable Integer, ? extends @Nullable Integer>
            function) {
      Integer value = function.apply(key, map.get(key));
      if (value != null) {
        map.put(key, value);
      }
      return value;
    }

    @Override
    public Set<Map.Entry<Integer, Integer>> entrySet() {
      return map.entrySet();
    }
  }

  public static class Wrong extends Operations {
    public Wrong() {
      super(new LooksThenPuts());
    }
  }

  @Test
  void aMapThatLooksAndThenPuts_isFoundOut_onRealThreads() {
    assertThatThrownBy(() ->
            check(new StressOptions().iterations(100).invocationsPerIteration(2_000), Wrong.class))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void aMapThatLooksAndThenPuts_isFoundOut_underManySchedules() {
    assumeThat(isLong()).as("takes half a minute").isTrue();
    assertThatThrownBy(() -> check(
            new ModelCheckingOptions().iterations(100).invocationsPerIteration(200), Wrong.class))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }
}
