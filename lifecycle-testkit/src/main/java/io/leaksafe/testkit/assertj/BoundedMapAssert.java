package io.leaksafe.testkit.assertj;

import io.leaksafe.internal.check.Text;
import io.leaksafe.map.BoundedMap;
import org.assertj.core.api.AbstractMapAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a bounded map: all that AssertJ has for maps, and what the map has counted, for which it must have been built with
 * {@code recordStats()}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class BoundedMapAssert<K, V>
    extends AbstractMapAssert<BoundedMapAssert<K, V>, BoundedMap<K, V>, K, V> {

  BoundedMapAssert(@Nullable BoundedMap<K, V> actual) {
    super(actual, BoundedMapAssert.class);
  }

  /**
   * Fails unless the bound has pushed out exactly so many entries.
   *
   * @param expected how many
   * @return this
   * @throws UnsupportedOperationException if the map does not count
   */
  public BoundedMapAssert<K, V> hasEvicted(long expected) {
    isNotNull();
    return same("evictions", actual.stats().evictions(), expected);
  }

  /**
   * Fails unless exactly so many entries have expired.
   *
   * @param expected how many
   * @return this
   * @throws UnsupportedOperationException if the map does not count
   */
  public BoundedMapAssert<K, V> hasExpired(long expected) {
    isNotNull();
    return same("expirations", actual.stats().expirations(), expected);
  }

  /**
   * Fails unless exactly so many computations have returned a value.
   *
   * @param expected how many
   * @return this
   * @throws UnsupportedOperationException if the map does not count
   */
  public BoundedMapAssert<K, V> hasLoaded(long expected) {
    isNotNull();
    return same("loads", actual.stats().loads(), expected);
  }

  private BoundedMapAssert<K, V> same(String what, long value, long expected) {
    if (value != expected) {
      throw failureWithActualExpected(
          value,
          expected,
          "Expected the map to have counted %s %s, but it counted %s: %s",
          Text.count(expected),
          what,
          Text.count(value),
          actual.stats());
    }
    return this;
  }
}
