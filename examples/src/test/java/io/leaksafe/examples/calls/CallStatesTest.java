package io.leaksafe.examples.calls;

import static io.leaksafe.examples.calls.CallEvent.ANSWERED;
import static io.leaksafe.examples.calls.CallEvent.COMPLETED;
import static io.leaksafe.examples.calls.CallEvent.FAILED;
import static io.leaksafe.examples.calls.CallEvent.QUEUED;
import static io.leaksafe.examples.calls.CallEvent.RINGING;
import static io.leaksafe.examples.calls.CallEvent.TRANSFERRED;
import static io.leaksafe.examples.calls.CallEvent.VOICEMAIL;
import static io.leaksafe.examples.calls.Webhook.Result.ACCEPTED;
import static io.leaksafe.examples.calls.Webhook.Result.DUPLICATE;
import static io.leaksafe.examples.calls.Webhook.Result.OUT_OF_ORDER;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.examples.calls.CallStates.Change;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallStatesTest {

  private static final int MAXIMUM = 10_000;
  private static final Duration RETENTION = ofHours(3); // 180 min

  private final DailyTracker lines = new DailyTracker(MAXIMUM);
  private final CallStates calls = new CallStates(MAXIMUM, RETENTION, lines);
  private Instant now = Instant.parse("2026-01-28T14:00:00Z");

  @Test
  void apply_stepsInOrder_movesTheCallToItsEnd() {
    for (CallEvent event : new CallEvent[] {QUEUED, RINGING, ANSWERED, TRANSFERRED, COMPLETED}) {
      assertThat(apply("c", event))
          .extracting(Change::result, Change::state)
          .containsExactly(ACCEPTED, event);
    }
    assertThat(calls.figures()).extracting("pending", "finished").containsExactly(0, 1);
  }

  @Test
  void apply_stepsMissing_movesAllTheSame() {
    apply("c", QUEUED);

    assertThat(apply("c", COMPLETED).result()).isEqualTo(ACCEPTED);
  }

  @Test
  void apply_sameStateAgain_isADuplicate() {
    apply("c", QUEUED);
    apply("c", RINGING);

    assertThat(apply("c", QUEUED))
        .extracting(Change::result, Change::state)
        .containsExactly(DUPLICATE, RINGING);
    assertThat(apply("c", RINGING).result()).isEqualTo(DUPLICATE);
  }

  @Test
  void apply_sameEventIdAgain_isADuplicateWhateverItSays() {
    calls.apply(Webhooks.withId("c", QUEUED, "e-1"), now);

    Change change = calls.apply(Webhooks.withId("c", RINGING, "e-1"), now);

    assertThat(change).extracting(Change::result, Change::state).containsExactly(DUPLICATE, QUEUED);
  }

  @Test
  void apply_lateStep_isNotedOnceAndMovesNothing() {
    apply("c", ANSWERED);

    assertThat(apply("c", RINGING))
        .extracting(Change::result, Change::state)
        .containsExactly(OUT_OF_ORDER, ANSWERED);
    assertThat(apply("c", RINGING).result()).isEqualTo(DUPLICATE);
  }

  @Test
  void apply_secondEnd_changesNothing() {
    apply("c", COMPLETED);

    assertThat(apply("c", FAILED))
        .extracting(Change::result, Change::state)
        .containsExactly(OUT_OF_ORDER, COMPLETED);
  }

  @Test
  void apply_voicemailAfterTransfer_keepsTheFirst() {
    apply("c", TRANSFERRED);

    assertThat(apply("c", VOICEMAIL))
        .extracting(Change::result, Change::state)
        .containsExactly(OUT_OF_ORDER, TRANSFERRED);
  }

  @Test
  void apply_end_tellsATalkFromAVoicemailAndATransfer() {
    apply("a", ANSWERED);
    apply("b", VOICEMAIL);
    apply("c", TRANSFERRED);
    apply("d", VOICEMAIL);

    assertThat(apply("a", COMPLETED).outcome()).isEqualTo(COMPLETED);
    assertThat(apply("b", COMPLETED).outcome()).isEqualTo(VOICEMAIL);
    assertThat(apply("c", COMPLETED).outcome()).isEqualTo(TRANSFERRED);
    assertThat(apply("d", FAILED).outcome()).isEqualTo(FAILED);
  }

  @Test
  void line_whileACallIsActive_isBusy() {
    apply("c", QUEUED);
    assertThat(isLineBusy()).isTrue();

    apply("c", FAILED);
    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void line_twoCallsAtOnce_isBusyUntilBothEnded() {
    apply("c", QUEUED);
    apply("d", QUEUED);
    apply("c", COMPLETED);
    assertThat(isLineBusy()).isTrue();

    apply("d", COMPLETED);
    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void line_callKnownOnlyByItsEnd_staysFree() {
    apply("c", COMPLETED);

    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void line_transferredThenCompleted_isHeldForTheWindow() {
    apply("c", ANSWERED);
    apply("c", TRANSFERRED);
    apply("c", COMPLETED);

    now = now.plus(DailyTracker.TRANSFER_WINDOW).minusNanos(1);
    assertThat(isLineBusy()).isTrue();
    now = now.plusNanos(1);
    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void sweep_atTheRetention_dropsFinishedCallsAndNotOneEarlier() {
    apply("c", COMPLETED);
    now = now.plus(RETENTION).minusNanos(1);
    assertThat(calls.sweep(now)).isZero();

    now = now.plusNanos(1);
    assertThat(calls.sweep(now)).isEqualTo(1);
    assertThat(calls.figures()).extracting("live", "expired").containsExactly(0, 1L);
  }

  @Test
  void sweep_pendingCallThatNeverEnds_dropsItAndFreesItsLine() {
    apply("c", ANSWERED);

    now = now.plus(RETENTION);
    assertThat(calls.sweep(now)).isEqualTo(1);

    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void sweep_callThatChangedSince_keepsIt() {
    apply("old", QUEUED);
    apply("changed", QUEUED);
    now = now.plus(RETENTION);
    apply("changed", RINGING);

    assertThat(calls.sweep(now)).isEqualTo(1);
    assertThat(apply("changed", RINGING).result()).isEqualTo(DUPLICATE);
  }

  @Test
  void apply_full_dropsTheCallThatFinishedFirst() {
    apply("pending", QUEUED);
    apply("second", QUEUED);
    apply("first", COMPLETED);
    apply("second", COMPLETED);
    for (int i = 3; i < MAXIMUM; i++) {
      apply("more-" + i, QUEUED);
    }

    apply("one-too-many", QUEUED);

    assertThat(calls.figures()).extracting("live", "evicted").containsExactly(MAXIMUM, 1L);
    assertThat(apply("pending", QUEUED).result()).isEqualTo(DUPLICATE);
    assertThat(apply("second", COMPLETED).result()).isEqualTo(DUPLICATE);
    assertThat(apply("first", COMPLETED).result()).as("forgotten, so new").isEqualTo(ACCEPTED);
  }

  @Test
  void apply_fullOfPendingCalls_dropsTheOneUnchangedForLongestAndFreesItsLine() {
    int largest = 0;
    for (int i = 0; i < 50_000; i++) {
      calls.apply(Webhooks.on("+1212" + (1_000_000 + i), "c-" + i, QUEUED), now);
      largest = Math.max(largest, calls.figures().live());
    }

    assertThat(largest).isEqualTo(MAXIMUM);

    assertThat(calls.figures()).extracting("live", "evicted").containsExactly(MAXIMUM, 40_000L);
    assertThat(lines.figures(now)).extracting("known", "busy").containsExactly(MAXIMUM, MAXIMUM);
  }

  @Test
  void sweep_afterLongUse_leavesNothing() {
    for (int i = 0; i < 150; i++) {
      for (CallEvent event : CallEvent.values()) {
        apply(event.word() + i, event);
        now = now.plus(ofSeconds(1));
      }
    }

    now = now.plus(RETENTION);
    calls.sweep(now);
    lines.newDay(now);

    assertThat(calls.figures().live()).isZero();
    assertThat(lines.figures(now).known()).isZero();
  }

  private Change apply(String callId, CallEvent event) {
    return calls.apply(Webhooks.of(callId, event), now);
  }

  private boolean isLineBusy() {
    return lines.status(Webhooks.LINE, now).busy();
  }
}
