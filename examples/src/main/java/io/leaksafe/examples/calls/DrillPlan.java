package io.leaksafe.examples.calls;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes up calls, and knows what the service should say to each of their webhooks: it decides first what should happen and
 * then writes the webhook that makes it happen. It shares no code with the service.
 *
 * <p>The same seed gives the same webhooks, call by call, whoever asks first. Holds nothing. Thread-safe.
 *
 * @param calls how many calls there are, numbered from 0
 * @param seed  any number
 */
record DrillPlan(int calls, long seed) {

  private static final int LINES = 500;

  /** What the service is expected to answer. */
  enum Expected {
    ACCEPTED(200),
    DUPLICATE(200),
    OUT_OF_ORDER(200),
    MALFORMED(400),
    OVERSIZED(413);

    final int status;

    Expected(int status) {
      this.status = status;
    }
  }

  /** One request and the answer to expect. */
  record Step(String body, Expected expected) {}

  /** The webhooks of one call, in the order in which they are sent. */
  List<Step> call(int number) {
    return new Script(number, new SplittableRandom(seed * 1_000_003 + number)).steps();
  }

  /** How many of each answer the whole plan expects. */
  Map<Expected, Long> totals() {
    Map<Expected, Long> totals = new EnumMap<>(Expected.class);
    for (int number = 0; number < calls; number++) {
      call(number).forEach(step -> totals.merge(step.expected(), 1L, Long::sum));
    }
    return totals;
  }

  /** Writes the webhooks of one call. */
  private static final class Script {
    private final int number;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();

    Script(int number, SplittableRandom random) {
      this.number = number;
      this.random = random;
    }

    List<Step> steps() {
      List<String> path = path();
      // One in 16 calls has a webhook overtaken by the next: the later state is accepted first.
      int late = path.size() > 1 && random.nextInt(16) == 0 ? random.nextInt(path.size() - 1) : -1;
      for (int i = 0; i < path.size(); i++) {
        if (i == late) {
          send(i + 1, path.get(i + 1), Expected.ACCEPTED);
          send(i, path.get(i), Expected.OUT_OF_ORDER);
          i++;
        } else {
          send(i, path.get(i), Expected.ACCEPTED);
        }
      }
      repeatSome();
      spoilSome();
      return steps;
    }

    private List<String> path() {
      int percent = random.nextInt(100);
      if (percent < 40) {
        return List.of("queued", "ringing", "answered", "completed");
      } else if (percent < 60) {
        return List.of("queued", "ringing", "voicemail", "completed");
      } else if (percent < 75) {
        return List.of("queued", "ringing", "answered", "transferred", "completed");
      } else if (percent < 90) {
        return List.of("queued", "ringing", "failed");
      } else if (percent < 95) {
        return List.of("queued", "failed");
      }
      return percent < 99 ? List.of("queued", "ringing", "answered") : List.of("queued");
    }

    private void send(int index, String event, Expected expected) {
      steps.add(new Step(body(index, event), expected));
    }

    /** One in 10 calls has a webhook delivered twice, at once or later. */
    private void repeatSome() {
      if (random.nextInt(10) == 0) {
        int which = random.nextInt(steps.size());
        int when = which + 1 + random.nextInt(steps.size() - which);
        steps.add(when, new Step(steps.get(which).body(), Expected.DUPLICATE));
      }
    }

    /** One in 20 calls has a malformed webhook in between, one in 500 an oversized one. */
    private void spoilSome() {
      if (random.nextInt(20) == 0) {
        String whole = steps.get(0).body();
        steps.add(random.nextInt(steps.size() + 1), new Step(spoil(whole), Expected.MALFORMED));
      }
      if (random.nextInt(500) == 0) {
        steps.add(new Step("x".repeat(70_000), Expected.OVERSIZED));
      }
    }

    private String spoil(String whole) {
      return switch (random.nextInt(8)) {
        case 0 -> "";
        case 1 -> whole.substring(0, whole.length() / 2);
        case 2 -> "[" + whole + "]";
        case 3 -> whole + whole;
        case 4 -> whole.replace("\"callId\"", "\"call\"");
        case 5 -> whole.replace("\"event\":\"", "\"event\":\"un");
        case 6 -> whole.replace("+1", "1-");
        default -> whole.replace("T1", " 1");
      };
    }

    private String body(int index, String event) {
      return String.format(
          "{\"callId\":\"call-%d\",\"event\":\"%s\",\"at\":\"2026-01-28T1%d:%02d:%02dZ\","
              + "\"from\":\"+1212555%04d\",\"to\":\"+1310%07d\",\"eventId\":\"e-%d-%d\"}",
          number,
          event,
          number / 3600 % 10,
          number / 60 % 60,
          (number + index) % 60,
          number % LINES,
          number,
          number,
          index);
    }
  }
}
