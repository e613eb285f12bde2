package io.leaksafe.testkit.assertj;

import io.leaksafe.internal.check.Text;
import io.leaksafe.map.LeasedMap;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a map of resources. Its leases are live handles of the scope that owns it.
 *
 * @param <K> the type of the keys
 */
public final class LeasedMapAssert<K> extends AbstractAssert<LeasedMapAssert<K>, LeasedMap<K, ?>> {

  LeasedMapAssert(@Nullable LeasedMap<K, ?> actual) {
    super(actual, LeasedMapAssert.class);
  }

  /**
   * Fails if there are values in the map.
   *
   * @return this
   */
  public LeasedMapAssert<K> isEmpty() {
    return hasSize(0);
  }

  /**
   * Fails unless exactly so many values are in the map.
   *
   * @param expected how many
   * @return this
   */
  public LeasedMapAssert<K> hasSize(int expected) {
    isNotNull();
    int size = actual.size();
    if (size != expected) {
      throw failureWithActualExpected(
          size,
          expected,
          "Expected the map to hold %s, but it holds %s, of %s.",
          Text.count(expected, "resource"),
          Text.count(size),
          actual.keys());
    }
    return this;
  }

  /**
   * Fails unless a key has a value; does not count as a read.
   *
   * @param key the key
   * @return this
   */
  public LeasedMapAssert<K> containsKey(K key) {
    isNotNull();
    if (!actual.contains(key)) {
      throw failure(
          "Expected the map to hold a resource of '%s', but it has those of %s.", key, keys());
    }
    return this;
  }

  /**
   * Fails if a key has a value; does not count as a read.
   *
   * @param key the key
   * @return this
   */
  public LeasedMapAssert<K> doesNotContainKey(K key) {
    isNotNull();
    if (actual.contains(key)) {
      throw failure("Expected the map to hold no resource of '%s', but it does.", key);
    }
    return this;
  }

  private Set<K> keys() {
    return actual.keys();
  }
}
