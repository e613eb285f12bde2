package io.leaksafe.handle;

/**
 * Ends one resource.
 *
 * <p>Called at most once per handle, while no lock of this library is held. It should return soon after it is interrupted:
 * that is how a closer that outlives its share of the time is asked to give up.
 *
 * @param <T> the type of the resource
 */
@FunctionalInterface
public interface Closer<T> {

  /**
   * Closes the resource and returns once it is closed.
   *
   * @param resource what to close
   * @throws Exception if closing failed; it is reported and does not keep the rest from closing
   */
  void close(T resource) throws Exception;
}
