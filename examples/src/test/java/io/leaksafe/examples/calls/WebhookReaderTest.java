package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookReaderTest {

  private static final String WHOLE = Webhooks.json("c-1", "ringing");

  @Test
  void read_wholeWebhook_hasEveryField() throws Exception {
    String body = WHOLE.replace("{\"callId\"", "{\"eventId\":\"e-7\",\"more\":[1],\"callId\"");

    Webhook webhook = read(body);

    assertThat(webhook)
        .isEqualTo(new Webhook(
            "c-1",
            CallEvent.RINGING,
            Instant.parse("2026-01-28T14:03:07Z"),
            "+12125550100",
            "+13105550123",
            Optional.of("e-7")));
  }

  @Test
  void read_timeWithOffset_isTheSameMoment() throws Exception {
    Webhook webhook = read(WHOLE.replace("14:03:07Z", "09:03:07-05:00"));

    assertThat(webhook.at()).isEqualTo(Instant.parse("2026-01-28T14:03:07Z"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          "ringing"              | "wringing"    | 'event' must be known, was "wringing". Send one of queued, ringing, answered, voicemail, transferred, completed, failed.
          "event":"ringing"      | "event":null  | 'event' is missing. Send one of
          "callId":"c-1",        |               | 'callId' is missing. Send a text of 1 to 128 characters.
          "c-1"                  | 17            | 'callId' must be a text, was a number. Send a text
          "c-1"                  | "  "          | 'callId' must have 1 to 128 characters, was "  ".
          "2026-01-28T14:03:07Z" | "yesterday"   | 'at' must be an ISO 8601 time, was "yesterday". Send a time with its offset, such as 2026-01-28T14:03:07Z.
          "2026-01-28T14:03:07Z" | "2026-01-28T14:03:07" | 'at' must be an ISO 8601 time
          "+12125550100"         | "5550100"     | 'from' must be a phone number, was "5550100". Send it with its country, such as +12125550100.
          "+13105550123"         | ["+1"]        | 'to' must be a text, was an array.
          """)
  void read_wrongField_saysWhatWasSentAndWhatToSend(String part, String by, String message) {
    String body = WHOLE.replace(part, by == null ? "" : by);

    assertThatThrownBy(() -> read(body))
        .isInstanceOf(RejectedWebhook.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          ''              | The body must be a JSON object, was empty.
          []              | The body must be a JSON object, was an array.
          17              | The body must be a JSON object, was a number.
          null            | The body must be a JSON object, was a null.
          {"callId"       | The body is not JSON: Unexpected end-of-input
          callId=c-1      | The body is not JSON: Unrecognized token 'callId'
          {} {}           | The body is not JSON: Trailing token
          {"a":1,"a":2}   | The body is not JSON: Duplicate Object property "a"
          """)
  void read_noJsonObject_saysWhatItIs(String body, String message) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(RejectedWebhook.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_bytesThatAreNoText_isRejected() {
    assertThatThrownBy(
            () -> WebhookReader.read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
        .isInstanceOf(RejectedWebhook.class)
        .hasMessageContaining("The body is not JSON");
  }

  @Test
  void read_nestedWithoutEnd_isRejected() {
    assertThatThrownBy(() -> read("[".repeat(60_000)))
        .isInstanceOf(RejectedWebhook.class)
        .hasMessageContaining("The body is not JSON");
  }

  @Test
  void read_longValue_isQuotedInPart() {
    assertThatThrownBy(() -> read(WHOLE.replace("c-1", "c".repeat(129))))
        .hasMessageContaining("was \"" + "c".repeat(40) + "...\"");
  }

  private static Webhook read(String body) throws RejectedWebhook {
    return WebhookReader.read(body.getBytes(UTF_8));
  }
}
