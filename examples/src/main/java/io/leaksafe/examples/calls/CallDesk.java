package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.examples.calls.CallStates.Change;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a webhook goes: it moves its call, occupies or frees a line, is counted, and enters the journal. Thread-safe. */
final class CallDesk {

  static final int MAXIMUM_CALLS = 10_000;
  static final Duration RETENTION = Duration.ofHours(3); // 180 min

  private static final Logger log = LoggerFactory.getLogger(CallDesk.class);

  private final TimeSource time;
  private final Journal journal;
  private final Statistics statistics;
  private final DailyTracker lines;
  private final CallStates calls;
  private long expiredBefore;

  CallDesk(Scope owner, TimeSource time, Journal journal) {
    this.time = time;
    this.journal = journal;
    lines = new DailyTracker(owner, MAXIMUM_CALLS);
    calls = new CallStates(owner, MAXIMUM_CALLS, RETENTION, lines);
    statistics = new Statistics(time.instant());
  }

  /** What the sender is told. */
  record Answer(String callId, String event, String result, String state) {}

  /** All figures of the day in one. */
  record Figures(
      Statistics.Today webhooks,
      CallStates.Figures calls,
      DailyTracker.Figures lines,
      Journal.Figures journal) {}

  Answer accept(byte[] body) throws RejectedWebhook {
    Webhook webhook = read(body);
    Instant now = time.instant();
    Change change = calls.apply(webhook, now);
    String result = change.result().name().toLowerCase(Locale.ROOT);
    statistics.count(webhook.event(), change);
    journal.add(line(webhook, result, now));
    return new Answer(
        webhook.callId(), webhook.event().word(), result, change.state().word());
  }

  private Webhook read(byte[] body) throws RejectedWebhook {
    try {
      return WebhookReader.read(body);
    } catch (RejectedWebhook e) {
      statistics.countMalformed();
      throw e;
    }
  }

  private static String line(Webhook webhook, String result, Instant now) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("receivedAt", now);
    line.put("result", result);
    line.put("callId", webhook.callId());
    line.put("event", webhook.event().word());
    line.put("at", webhook.at());
    line.put("from", webhook.from());
    line.put("to", webhook.to());
    webhook.eventId().ifPresent(id -> line.put("eventId", id));
    return Json.write(line);
  }

  /** A body that was too long to be read. */
  void countOversized() {
    statistics.countOversized();
  }

  /** Every 10 min: says what went by itself. */
  void report() {
    long expired = calls.figures().expired();
    long dropped = expired - expiredBefore;
    expiredBefore = expired;
    if (dropped > 0) {
      log.info("{} calls dropped that had not changed for {} min", dropped, RETENTION.toMinutes());
    }
    int released = lines.takeReleased();
    if (released > 0) {
      log.info(
          "{} lines released {} min after a transfer",
          released,
          DailyTracker.TRANSFER_WINDOW.toMinutes());
    }
  }

  /** At midnight in New York. */
  void newDay() {
    log.info("the day ends: {}", statistics.today());
    statistics.newDay(time.instant());
    lines.newDay();
  }

  DailyTracker.Status line(String number) {
    return lines.status(number);
  }

  Figures figures() {
    return new Figures(statistics.today(), calls.figures(), lines.figures(), journal.figures());
  }
}
