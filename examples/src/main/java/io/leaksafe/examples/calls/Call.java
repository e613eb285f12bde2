package io.leaksafe.examples.calls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is known about one call. Guarded by the {@link CallStates} it lives in. */
final class Call {

  private final String id;
  private final String line;
  private final Set<CallEvent> seen = EnumSet.noneOf(CallEvent.class);
  private final List<String> eventIds = new ArrayList<>(4); // one per event seen: 7 at most
  private CallEvent state;
  private Instant changedAt;

  Call(Webhook first, Instant now) {
    id = first.callId();
    line = first.from();
    state = first.event();
    changedAt = now;
    note(first);
  }

  String id() {
    return id;
  }

  /** The line the call began on; later webhooks cannot change it. */
  String line() {
    return line;
  }

  CallEvent state() {
    return state;
  }

  /** When the state last changed, by our clock. */
  Instant changedAt() {
    return changedAt;
  }

  /** Whether this webhook, or another that says the same, came before. */
  boolean knows(Webhook webhook) {
    return seen.contains(webhook.event())
        || webhook.eventId().filter(eventIds::contains).isPresent();
  }

  /** Notes the webhook and moves on, if its event follows the state; returns whether it did. */
  boolean apply(Webhook webhook, Instant now) {
    note(webhook);
    if (!webhook.event().follows(state)) {
      return false;
    }
    state = webhook.event();
    changedAt = now;
    return true;
  }

  /** How a completed call went, in one word: a voicemail and a transfer are told apart from a talk. */
  CallEvent outcome() {
    if (state == CallEvent.COMPLETED && seen.contains(CallEvent.TRANSFERRED)) {
      return CallEvent.TRANSFERRED;
    }
    if (state == CallEvent.COMPLETED && seen.contains(CallEvent.VOICEMAIL)) {
      return CallEvent.VOICEMAIL;
    }
    return state;
  }

  private void note(Webhook webhook) {
    seen.add(webhook.event());
    webhook.eventId().ifPresent(eventIds::add);
  }
}
