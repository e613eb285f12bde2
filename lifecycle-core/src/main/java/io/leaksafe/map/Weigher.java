package io.leaksafe.map;

/**
 * Says how much of a map's maximum weight an entry takes.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Weigher<K, V> {

  /**
   * Weighs an entry, once for each time it is put, while no lock is held. What it throws reaches whoever puts, and nothing is
   * put then.
   *
   * @param key   the key
   * @param value the value
   * @return one or more, in any unit
   */
  int weigh(K key, V value);
}
