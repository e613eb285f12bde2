package io.leaksafe.map;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says how long an entry may stay.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface ExpiryRule<K, V> {

  /** What happened to the entry. */
  enum Event {
    /** The key is new. */
    CREATED,
    /** A value was put in the place of another. */
    UPDATED
  }

  /**
   * Called when a value is put, while no lock is held. What it throws reaches whoever puts, and nothing is put then. A call may
   * be made for a value that then loses a race and is not put.
   *
   * @param key   the key
   * @param value the value
   * @param event whether the key is new, as of a moment ago
   * @return how long it may stay from now on, longer than zero; null for no limit of its own
   */
  @Nullable
  Duration expiry(K key, V value, Event event);
}
