package io.leaksafe.examples.calls;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a webhook says happened to a call, and at the same time the state the call is in from then on. */
enum CallEvent {
  /*
   *   queued ──> ringing ──> answered ──┬─> voicemail ────┬─> completed
   *      0          1           2       └─> transferred ──┴─> failed
   *                                              3               4
   *
   * A call only ever moves to a higher rank; steps may be missing, since webhooks get lost. What
   * comes too late, or contradicts what came before at the same rank, is noted and moves nothing:
   *
   *   ringing after answered, queued after completed     late: the call has been there already
   *   failed after completed, completed after failed     the first end is the end
   *   voicemail after transferred, and the reverse       the first of the two holds
   */
  QUEUED(0),
  RINGING(1),
  ANSWERED(2),
  VOICEMAIL(3),
  TRANSFERRED(3),
  COMPLETED(4),
  FAILED(4);

  private final int rank;

  CallEvent(int rank) {
    this.rank = rank;
  }

  /** The event of this word, as webhooks spell it. */
  static Optional<CallEvent> of(String word) {
    return Arrays.stream(values()).filter(event -> event.word().equals(word)).findFirst();
  }

  /** All words, for a message. */
  static String words() {
    return Arrays.stream(values()).map(CallEvent::word).collect(Collectors.joining(", "));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a call in the given state moves on to this one. */
  boolean follows(CallEvent state) {
    return rank > state.rank;
  }

  /** Whether nothing comes after it. */
  boolean isFinal() {
    return this == COMPLETED || this == FAILED;
  }

  /** Whether a call in this state keeps its line busy by itself; a transferred one has left it. */
  boolean occupiesLine() {
    return !isFinal() && this != TRANSFERRED;
  }
}
