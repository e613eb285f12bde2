package io.leaksafe.examples.calls;

import java.time.Instant;
import java.util.Optional;

/**
 * One webhook as the telephony provider sends it, checked.
 *
 * @param callId  which call
 * @param event   what happened to it
 * @param at      when, by the provider's clock; recorded, never used for ordering
 * @param from    the line that calls
 * @param to      the number that is called
 * @param eventId the provider's id of this event, if it sends one: a second delivery has the same
 */
record Webhook(
    String callId, CallEvent event, Instant at, String from, String to, Optional<String> eventId) {

  /** What became of a webhook. */
  enum Result {
    /** The call moved on. */
    ACCEPTED,
    /** Delivered before, or says what the call knew already. */
    DUPLICATE,
    /** Came too late, or contradicts what came first; noted, and the call stays where it is. */
    OUT_OF_ORDER
  }
}
