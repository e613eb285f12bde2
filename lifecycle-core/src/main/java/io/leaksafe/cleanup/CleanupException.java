package io.leaksafe.cleanup;

/**
 * Thrown by {@code close()} when not everything closed cleanly.
 *
 * <p>Its cause is what the first closer that failed threw, and what the others threw is suppressed. Everything that could be
 * closed is closed all the same.
 */
public class CleanupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CloseReport report;

  CleanupException(String message, CloseReport report) {
    super(message);
    this.report = report;
  }

  /**
   * Returns how everything ended.
   *
   * @return the report at the time of the throw
   */
  public CloseReport report() {
    return report;
  }
}
