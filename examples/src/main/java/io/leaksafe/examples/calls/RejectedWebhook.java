package io.leaksafe.examples.calls;

/** Thrown for a body that is no webhook; the message tells the sender what to change. */
final class RejectedWebhook extends Exception {

  private static final long serialVersionUID = 1L;

  RejectedWebhook(String message) {
    super(message, null, false, false); // the sender's mistake, not ours: a stack would say nothing
  }
}
