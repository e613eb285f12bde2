package io.leaksafe.examples.calls;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Turns a body into a {@link Webhook}, or says which field is wrong, what it was, and what to send. */
final class WebhookReader {

  private static final int MAXIMUM_ID = 128;
  private static final int MAXIMUM_QUOTE = 40;
  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");

  private WebhookReader() {}

  static Webhook read(byte[] body) throws RejectedWebhook {
    JsonNode json = parse(body);
    return new Webhook(
        id(json, "callId"),
        event(json),
        time(json),
        number(json, "from"),
        number(json, "to"),
        json.hasNonNull("eventId") ? Optional.of(id(json, "eventId")) : Optional.empty());
  }

  private static JsonNode parse(byte[] body) throws RejectedWebhook {
    JsonNode json;
    try {
      json = Json.read(body);
    } catch (JacksonException e) {
      throw new RejectedWebhook(
          "The body is not JSON: " + firstLine(e.getOriginalMessage()) + ". Send one JSON object.");
    }
    if (!json.isObject()) {
      throw new RejectedWebhook(
          "The body must be a JSON object, was " + kind(json) + ". Send {\"callId\": ...}.");
    }
    return json;
  }

  private static String id(JsonNode json, String field) throws RejectedWebhook {
    String demand = "Send a text of 1 to " + MAXIMUM_ID + " characters.";
    String id = text(json, field, demand);
    if (id.isBlank() || id.length() > MAXIMUM_ID) {
      throw wrong(field, "have 1 to " + MAXIMUM_ID + " characters", id, demand);
    }
    return id;
  }

  private static CallEvent event(JsonNode json) throws RejectedWebhook {
    String demand = "Send one of " + CallEvent.words() + ".";
    String word = text(json, "event", demand);
    return CallEvent.of(word).orElseThrow(() -> wrong("event", "be known", word, demand));
  }

  private static Instant time(JsonNode json) throws RejectedWebhook {
    String demand = "Send a time with its offset, such as 2026-01-28T14:03:07Z.";
    String text = text(json, "at", demand);
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw wrong("at", "be an ISO 8601 time", text, demand);
    }
  }

  private static String number(JsonNode json, String field) throws RejectedWebhook {
    String demand = "Send it with its country, such as +12125550100.";
    String number = text(json, field, demand);
    if (!NUMBER.matcher(number).matches()) {
      throw wrong(field, "be a phone number", number, demand);
    }
    return number;
  }

  private static String text(JsonNode json, String field, String demand) throws RejectedWebhook {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      throw new RejectedWebhook("'" + field + "' is missing. " + demand);
    }
    if (!value.isString()) {
      throw new RejectedWebhook(
          "'" + field + "' must be a text, was " + kind(value) + ". " + demand);
    }
    return value.stringValue();
  }

  private static RejectedWebhook wrong(String field, String rule, String was, String demand) {
    String quote = was.length() > MAXIMUM_QUOTE ? was.substring(0, MAXIMUM_QUOTE) + "..." : was;
    return new RejectedWebhook(
        "'" + field + "' must " + rule + ", was \"" + quote + "\". " + demand);
  }

  private static String kind(JsonNode json) {
    return switch (json.getNodeType()) {
      case ARRAY, OBJECT -> "an " + json.getNodeType().name().toLowerCase(Locale.ROOT);
      case MISSING -> "empty";
      default -> "a " + json.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("nothing more is known");
  }
}
