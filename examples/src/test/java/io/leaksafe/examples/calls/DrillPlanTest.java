package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.examples.calls.DrillPlan.Expected;
import io.leaksafe.examples.calls.DrillPlan.Step;
import io.leaksafe.time.TimeSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrillPlanTest {

  private final DrillPlan plan = new DrillPlan(2_000, 42);

  @Test
  void call_sameSeed_isTheSame() {
    DrillPlan again = new DrillPlan(2_000, 42);

    assertThat(IntStream.range(0, 2_000)).allMatch(i -> plan.call(i).equals(again.call(i)));
  }

  @Test
  void call_otherSeed_differs() {
    assertThat(new DrillPlan(2_000, 43).totals()).isNotEqualTo(plan.totals());
  }

  @Test
  void totals_containEveryKindOfWebhook() {
    assertThat(plan.totals())
        .hasSize(Expected.values().length)
        .allSatisfy((kind, count) -> assertThat(count).isPositive());
  }

  @Test
  void steps_givenToTheDesk_areAnsweredAsExpected() {
    try (CleanupManager app = CleanupManager.create("app")) {
      Journal journal = new Journal(app, lines -> {}, Path.of("journal.jsonl"), List.of());
      CallDesk desk = new CallDesk(app, TimeSource.system(), journal);

      assertThat(IntStream.range(0, plan.calls()).boxed().flatMap(call -> plan.call(call).stream()))
          .filteredOn(step -> answer(desk, step) != step.expected())
          .isEmpty();
    }
  }

  private static Expected answer(CallDesk desk, Step step) {
    byte[] body = step.body().getBytes(UTF_8);
    if (body.length > HttpIntake.MAXIMUM_BODY) {
      return Expected.OVERSIZED;
    }
    try {
      return Expected.valueOf(desk.accept(body).result().toUpperCase(Locale.ROOT));
    } catch (RejectedWebhook e) {
      return Expected.MALFORMED;
    }
  }
}
