package io.leaksafe.examples.calls;

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

  Call(Webhook first) {
    id = first.callId();
    line = first.from();
    state = first.event();
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

  /** Whether this webhook, or another that says the same, came before. */
  boolean knows(Webhook webhook) {
    return seen.contains(webhook.event())
        || webhook.eventId().filter(eventIds::contains).isPresent();
  }

  /** Moves on to the webhook's event, which follows the state. */
  void moveTo(Webhook webhook) {
    note(webhook);
    state = webhook.event();
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

  /** Notes that this webhook came. */
  void note(Webhook webhook) {
    seen.add(webhook.event());
    webhook.eventId().ifPresent(eventIds::add);
  }
}
