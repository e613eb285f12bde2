package io.leaksafe.map;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A bounded map whose values are resources: it hands them out as leases, and closes each one after it has left the map and its
 * last lease has ended.
 *
 * <p>So nothing is closed while somebody uses it, whatever is evicted, expires, is replaced or invalidated meanwhile. It is
 * not a {@code Map}, since {@code get} would hand out what may be closed the next moment. Built by {@link
 * MapBuilder#buildLeased}; bound, order, expiry and listener are as of a {@link BoundedMap}. With {@link MapBuilder#pinned}, what
 * is leased is not evicted at all.
 *
 * <p>The map is one handle of kind {@code MAP} in its owner, below which each value is listed as a {@code RESOURCE} and each
 * lease as a {@code LEASE}, named after the key, with its opener. A lease may be moved: {@code session.adopt(lease)} ends it with the
 * session. When the owner closes, the leases end first, then every value is closed, with its share of the time and an entry
 * in the report; a lease that was moved to a scope that closes later then refers to a closed value.
 *
 * <p>Whoever ends the last lease, or takes out what is not leased, closes the value, on its own thread; what expires is closed on
 * a worker. A closer that fails is reported and logged, and throws to nobody.
 *
 * <p>Thread safety: every method may be called from any thread. What a thread did with a value before its lease ended
 * <i>happens-before</i> that value is closed.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public sealed interface LeasedMap<K, V> permits LeasingMap {

  /**
   * Leases the value of a key, if there is one.
   *
   * @param key the key
   * @return a handle whose close ends the lease; empty if the key has no value
   * @throws ClosedScopeException if the map is closed
   */
  Optional<Handle<V>> lease(K key);

  /**
   * Leases the value of a key, which is opened if there is none: by one caller at a time, for whom others wait, and under no
   * lock. What is opened is leased from the start, so it is open for its caller though it may be evicted at once.
   *
   * @param key    the key
   * @param opener opens the resource
   * @return a handle whose close ends the lease
   * @throws Exception             what the opener threw; nothing is put then
   * @throws IllegalStateException if everything is pinned, or the opener waits for itself; what was opened is closed
   * @throws ClosedScopeException  if the map is closed, also meanwhile; what was opened is closed
   */
  Handle<V> leaseOrLoad(K key, Callable<? extends V> opener) throws Exception;

  /**
   * Puts a resource, which is the map's to close from now on, even if this throws. The one that was there leaves; putting the
   * same instance again changes nothing.
   *
   * @param key   the key
   * @param value the resource
   * @throws IllegalStateException if the map is full and everything is pinned
   * @throws ClosedScopeException  if the map is closed
   */
  void put(K key, V value);

  /**
   * Takes a value out, which is closed at once or after its last lease.
   *
   * @param key the key
   * @return whether there was one
   * @throws ClosedScopeException if the map is closed
   */
  boolean invalidate(K key);

  /**
   * Takes all values out.
   *
   * @throws ClosedScopeException if the map is closed
   */
  void invalidateAll();

  /**
   * Returns whether a key has a value, without counting as a read.
   *
   * @param key the key
   * @return whether a lease would have found one
   * @throws ClosedScopeException if the map is closed
   */
  boolean contains(K key);

  /**
   * Copies the keys that have a value.
   *
   * @return a set that nobody changes
   * @throws ClosedScopeException if the map is closed
   */
  Set<K> keys();

  /**
   * Counts the values in the map; those that have left it and are still leased do not count.
   *
   * @return zero to the maximum
   * @throws ClosedScopeException if the map is closed
   */
  int size();

  /**
   * Returns what the map has counted.
   *
   * @return a copy
   * @throws UnsupportedOperationException if the map was built without {@link MapBuilder#recordStats}
   */
  MapStats stats();
}
