package io.leaksafe.examples.calls;

import org.jspecify.annotations.Nullable;

/** Thrown when something outside of the program keeps it from running; the message is the one line its operator needs. */
final class CannotRun extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CannotRun(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
