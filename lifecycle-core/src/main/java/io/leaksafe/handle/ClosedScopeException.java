package io.leaksafe.handle;

/**
 * Thrown when something is opened in a scope whose close has begun, or used after its own close began.
 *
 * <p>What was about to be opened has been closed again: nothing is left behind. If closing it failed too, that failure is
 * among the suppressed exceptions.
 */
public class ClosedScopeException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the library.
   *
   * @param message what was closed, since when, and what to do about it
   */
  public ClosedScopeException(String message) {
    super(message);
  }
}
