package io.leaksafe.examples.calls;

import io.leaksafe.examples.calls.CallStates.Change;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what happened today, by the calendar of New York, in a fixed number of counters. Thread-safe. */
final class Statistics {

  /** Whose midnight begins a day. The post-mortem says "EST", which would be an hour off all summer. */
  static final ZoneId ZONE = ZoneId.of("America/New_York");

  private final Map<CallEvent, Long> events = new EnumMap<>(CallEvent.class);
  private final Map<CallEvent, Long> outcomes = new EnumMap<>(CallEvent.class);
  private LocalDate day;
  private long accepted;
  private long duplicates;
  private long outOfOrder;
  private long malformed;
  private long oversized;

  Statistics(Instant now) {
    day = day(now);
  }

  /** The counts of one day; events and outcomes are those of accepted webhooks. */
  record Today(
      LocalDate day,
      ZoneId zone,
      long accepted,
      long duplicates,
      long outOfOrder,
      long malformed,
      long oversized,
      Map<String, Long> events,
      Map<String, Long> outcomes) {}

  synchronized void count(CallEvent event, Change change) {
    switch (change.result()) {
      case DUPLICATE -> duplicates++;
      case OUT_OF_ORDER -> outOfOrder++;
      case ACCEPTED -> {
        accepted++;
        events.merge(event, 1L, Long::sum);
        if (change.ended()) {
          outcomes.merge(change.outcome(), 1L, Long::sum);
        }
      }
    }
  }

  synchronized void countMalformed() {
    malformed++;
  }

  synchronized void countOversized() {
    oversized++;
  }

  /** Begins the day that now belongs to, with everything at zero. */
  synchronized void newDay(Instant now) {
    day = day(now);
    events.clear();
    outcomes.clear();
    accepted = 0;
    duplicates = 0;
    outOfOrder = 0;
    malformed = 0;
    oversized = 0;
  }

  synchronized Today today() {
    return new Today(
        day,
        ZONE,
        accepted,
        duplicates,
        outOfOrder,
        malformed,
        oversized,
        words(events),
        words(outcomes));
  }

  private static Map<String, Long> words(Map<CallEvent, Long> counts) {
    Map<String, Long> words = new LinkedHashMap<>();
    counts.forEach((event, count) -> words.put(event.word(), count));
    return words;
  }

  private static LocalDate day(Instant now) {
    return now.atZone(ZONE).toLocalDate();
  }
}
