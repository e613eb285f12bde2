package io.leaksafe.listener;

/**
 * Thrown by {@link ListenerRegistry#fire} after every listener has been called, if some of them threw. The cause is what the
 * first of them threw; what the others threw is suppressed.
 */
public class ListenerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the library.
   *
   * @param message how many listeners of which registry failed
   * @param first   what the first of them threw
   */
  public ListenerException(String message, Throwable first) {
    super(message, first);
  }
}
