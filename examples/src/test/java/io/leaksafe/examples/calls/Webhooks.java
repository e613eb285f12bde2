package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Optional;

/** Webhooks for tests. */
final class Webhooks {

  static final String LINE = "+12125550100";

  private Webhooks() {}

  static Webhook of(String callId, CallEvent event) {
    return on(LINE, callId, event);
  }

  static Webhook on(String line, String callId, CallEvent event) {
    return new Webhook(callId, event, Instant.EPOCH, line, "+13105550123", Optional.empty());
  }

  static Webhook withId(String callId, CallEvent event, String eventId) {
    return new Webhook(callId, event, Instant.EPOCH, LINE, "+13105550123", Optional.of(eventId));
  }

  static String json(String callId, String event) {
    return """
        {"callId":"%s","event":"%s","at":"2026-01-28T14:03:07Z","from":"%s","to":"+13105550123"}""".formatted(callId, event, LINE);
  }

  static byte[] body(String callId, String event) {
    return json(callId, event).getBytes(UTF_8);
  }
}
