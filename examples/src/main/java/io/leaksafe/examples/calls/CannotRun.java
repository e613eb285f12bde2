package io.leaksafe.examples.calls;

import org.jspecify.annotations.Nullable;

/** Thrown when something outside of the program keeps it from running; the message is the one line its operator needs. */
final class CannotRun extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CannotRun(String message, @Nullable Throwable cause) {
    this(message, cause, 1);
  }

  private CannotRun(String message, @Nullable Throwable cause, int exitCode) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the arguments ask for is taken, so others are wanted. */
  static CannotRun taken(String message) {
    return new CannotRun(message, null, 2);
  }

  int exitCode() {
    return exitCode;
  }
}
