package io.leaksafe.map;

/**
 * Hears of every entry that left a map.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface RemovalListener<K, V> {

  /**
   * Called once for each entry after it left, while no lock is held: on the thread that removed it, or, if its time was over, on
   * a worker. Calls for one key come in the order in which its entries left and never overlap: if a call for that key is under
   * way, its thread makes the next ones, too, and after many of them a worker goes on. Calls for other keys do not wait.
   *
   * <p>Nobody waits for a call, so while one hangs, all that leaves of that key is kept for it, and of that there is a warning: see
   * {@link MapBuilder#onRemoval}. What takes long, or may wait for something, belongs in an executor of its own, with a bound.
   *
   * <p>It may use the map. What it throws is logged with the map's name and stops nothing.
   *
   * @param key   the key
   * @param value the value that is no longer there
   * @param cause why
   * @throws Exception if it fails
   */
  void onRemoval(K key, V value, RemovalCause cause) throws Exception;
}
