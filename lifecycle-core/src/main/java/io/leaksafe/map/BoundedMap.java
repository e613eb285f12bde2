package io.leaksafe.map;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent map that never holds more than its maximum, forgets what is too old, and ends with its owner.
 *
 * <p>Null is neither a key nor a value. Reads take no lock, read no clock, and count towards nothing but what is evicted next.
 * The maximum holds at any time, not by one entry more. What expires leaves within a few milliseconds of its time, also when
 * nobody calls, by the manager's one timer. A read looks at a time that this timer advances, so when that is late, an entry can
 * still be read for as long; see {@link MapBuilder#strict}.
 *
 * <p>{@code computeIfAbsent}, {@code compute}, {@code computeIfPresent} and {@code merge} run the function at most by one thread
 * at a time for each key, and under no lock; other callers of these four for that key wait for it, those of other keys do not,
 * {@code get} sees the old value, and a function may use the map. {@code put}, {@code remove}, {@code clear} and their kin do not
 * wait: they win, and what was being computed is discarded, the listener being told of it as {@link RemovalCause#REMOVED}.
 * {@code computeIfAbsent} then returns the value that was put, if there is one, or else the discarded one; the other three
 * compute again from what is there now. A function that waits, by way of other threads perhaps, for itself ends in an
 * {@link IllegalStateException} that names the keys. One that ends after the close has its value discarded as {@link
 * RemovalCause#CLOSED}, and the call throws.
 *
 * <p>Iterators are weakly consistent: they show each entry that is there all the time once, and one that comes or goes at
 * most once; they never throw {@code ConcurrentModificationException}.
 *
 * <p>The map is one handle of kind {@code MAP} in its owner. When that closes, the map is emptied, the listener hears of every
 * entry as {@link RemovalCause#CLOSED}, and from then on every method but {@code toString} throws {@link ClosedScopeException}.
 *
 * <p>Thread safety: every method may be called from any thread. What a thread did before it put a value <i>happens-before</i>
 * what another does after it got that value.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public sealed interface BoundedMap<K, V> extends ConcurrentMap<K, V> permits OwnedMap {

  /**
   * Begins to build a map, which needs a {@link MapBuilder#maximumSize} or {@link MapBuilder#maximumWeight}.
   *
   * @param owner who ends it
   * @param name  what reports call it
   * @param <K>   the type of the keys
   * @param <V>   the type of the values
   * @return a builder
   */
  static <K, V> MapBuilder<K, V> in(Scope owner, String name) {
    return new MapBuilder<>(owner, Check.name(name, "name"));
  }

  /**
   * Puts a value that may stay for the given time at most; other limits of the map hold, too, and the earliest wins. A later
   * put of the key without a time of its own makes that forgotten.
   *
   * @param key        the key
   * @param value      the value
   * @param timeToStay longer than zero
   * @return the value that was there; null if there was none
   * @throws IllegalArgumentException      if the time is zero or negative
   * @throws UnsupportedOperationException if the map was built without any expiry
   * @throws ClosedScopeException          if the map is closed
   */
  @Nullable
  V put(K key, V value, Duration timeToStay);

  /**
   * Returns what the map has counted.
   *
   * @return a copy
   * @throws UnsupportedOperationException if the map was built without {@link MapBuilder#recordStats}
   */
  MapStats stats();
}
