package io.leaksafe.hitratios;

import org.jspecify.annotations.Nullable;

/** Thrown for a trace that is not there or not readable; the message is the one line its user needs. */
final class CannotRead extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CannotRead(String message) {
    this(message, null);
  }

  CannotRead(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
