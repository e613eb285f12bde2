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
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.examples.calls.CallStates.Change;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallStatesTest {

  private static final int MAXIMUM = 10_000;
  private static final Duration RETENTION = ofHours(3); // 180 min

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final DailyTracker lines = new DailyTracker(app, MAXIMUM);
  private final CallStates calls = new CallStates(app, MAXIMUM, RETENTION, lines);

  @AfterEach
  void close() throws Exception {
    time.run(app::shutdown);
  }

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
    calls.apply(Webhooks.withId("c", QUEUED, "e-1"), time.instant());

    Change change = calls.apply(Webhooks.withId("c", RINGING, "e-1"), time.instant());

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

    time.advance(DailyTracker.TRANSFER_WINDOW.minusNanos(1));
    assertThat(isLineBusy()).isTrue();
    time.advance(Duration.ofNanos(1));
    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void finishedCall_atTheRetention_isDroppedAndNotEarlier() {
    apply("c", COMPLETED);
    time.advance(RETENTION.minusNanos(1));
    assertThat(calls.figures().live()).isEqualTo(1);

    time.advance(ofMillis(5));
    assertThat(calls.figures()).extracting("live", "expired").containsExactly(0, 1L);
  }

  @Test
  void pendingCall_thatNeverEnds_isDroppedAndFreesItsLine() {
    apply("c", ANSWERED);

    time.advance(RETENTION.plusMillis(5));
    assertThat(calls.figures()).extracting("live", "expired").containsExactly(0, 1L);
    assertThat(isLineBusy()).isFalse();
  }

  @Test
  void pendingCall_thatChangedSince_isKept() {
    apply("old", QUEUED);
    apply("changed", QUEUED);
    time.advance(RETENTION.minusSeconds(1));
    apply("changed", RINGING);
    time.advance(ofSeconds(2));

    assertThat(calls.figures()).extracting("live", "expired").containsExactly(1, 1L);
    assertThat(apply("changed", RINGING).result()).isEqualTo(DUPLICATE);
  }

  @Test
  void apply_fullOfFinishedCalls_dropsTheOneThatFinishedFirst_andNoneUnderWay() {
    apply("pending", QUEUED);
    apply("second", QUEUED);
    apply("first", COMPLETED);
    apply("second", COMPLETED);
    for (int i = 2; i < MAXIMUM; i++) {
      apply("more-" + i, COMPLETED);
    }

    apply("one-too-many", COMPLETED);

    assertThat(calls.figures())
        .extracting("pending", "finished", "evicted")
        .containsExactly(1, MAXIMUM, 1L);
    assertThat(apply("pending", QUEUED).result()).isEqualTo(DUPLICATE);
    assertThat(apply("second", COMPLETED).result()).isEqualTo(DUPLICATE);
    assertThat(apply("first", COMPLETED).result()).as("forgotten, so new").isEqualTo(ACCEPTED);
  }

  @Test
  void apply_fullOfPendingCalls_dropsTheOneUnchangedForLongestAndFreesItsLine() {
    int largest = 0;
    for (int i = 0; i < 50_000; i++) {
      calls.apply(Webhooks.on("+1212" + (1_000_000 + i), "c-" + i, QUEUED), time.instant());
      largest = Math.max(largest, calls.figures().live());
    }

    assertThat(largest).isEqualTo(MAXIMUM);

    assertThat(calls.figures()).extracting("live", "evicted").containsExactly(MAXIMUM, 40_000L);
    assertThat(lines.figures()).extracting("known", "busy").containsExactly(MAXIMUM, MAXIMUM);
  }

  @Test
  void retention_afterLongUse_leavesNothing() {
    for (int i = 0; i < 150; i++) {
      for (CallEvent event : CallEvent.values()) {
        apply(event.word() + i, event);
        time.advance(ofSeconds(1));
      }
    }

    time.advance(RETENTION.plusMillis(5));
    lines.newDay();

    assertThat(calls.figures().live()).isZero();
    assertThat(lines.figures().known()).isZero();
  }

  private Change apply(String callId, CallEvent event) {
    return calls.apply(Webhooks.of(callId, event), time.instant());
  }

  private boolean isLineBusy() {
    return lines.status(Webhooks.LINE).busy();
  }
}
