package io.leaksafe.share;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import java.time.Duration;

/**
 * Shared resources by key, such as one client for each endpoint. Each is a {@link SharedResource}, with all that this says, that
 * is there from the first lease of its key until it has closed after the last: keys that nobody uses cost nothing.
 *
 * <p>Thread safety: every method may be called from any thread. Keys are compared by {@code equals}.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the resources
 */
public sealed interface SharedByKey<K, T> permits KeyedShares {

  /**
   * Opens the resource of a key.
   *
   * @param <K> the type of the keys
   * @param <T> the type of the resources
   */
  @FunctionalInterface
  interface Opener<K, T> {

    /**
     * Opens it.
     *
     * @param key the key
     * @return the resource
     * @throws Exception if it could not be opened; all who wait for it are told
     */
    T open(K key) throws Exception;
  }

  /**
   * Makes a set of shared resources none of which is open. It stands in its owner as a scope, in which each open one is a handle
   * named after its key.
   *
   * @param owner  who ends them
   * @param name   what reports call it
   * @param opener opens one, on the thread that asks
   * @param closer closes one
   * @param <K>    the type of the keys
   * @param <T>    the type of the resources
   * @return the shared resources
   * @throws ClosedScopeException if the owner's close has begun
   */
  static <K, T> SharedByKey<K, T> in(
      Scope owner, String name, Opener<? super K, ? extends T> opener, Closer<? super T> closer) {
    return KeyedShares.open(owner, name, opener, closer);
  }

  /**
   * Takes a lease on the resource of a key, and opens it if nobody has one.
   *
   * @param key    the key; its {@code toString} is the resource's name
   * @param holder the scope whose end is the lease's end at the latest
   * @return the lease
   * @throws ClosedScopeException  if the close of the owner or of the holder has begun; the holder has no lease then
   * @throws InterruptedException  if this thread is interrupted while it waits for another one that opens or closes
   * @throws IllegalStateException if it is called by the opener or the closer of the same key
   * @throws Exception             what the opener threw
   */
  Handle<T> acquire(K key, Scope holder) throws Exception;

  /**
   * Sets how long a resource stays open without a lease; zero if not set. It counts for those that are opened from now on.
   *
   * @param time zero or longer
   * @return these shared resources
   * @throws IllegalArgumentException if the time is negative
   */
  SharedByKey<K, T> linger(Duration time);

  /**
   * Counts the keys.
   *
   * @return how many have a resource that is open, being opened, or being closed
   */
  int size();
}
