package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.timeout.CallLimit.End;
import org.junit.jupiter.api.Test;

/** Which interrupts are there after a call; the limits "fire" on the thread of the calls, at moments that the test picks. */
class InterruptsTest extends TimeoutTestCase {

  private final Interrupts interrupts = Interrupts.enter();
  private final CallLimit outer = newCall();
  private final CallLimit inner = newCall();

  private CallLimit newCall() {
    return new CallLimit(OwnerNode.of(app).timers(), "call", time.nanoTime(), interrupts);
  }

  private static void fromElsewhere() {
    Thread.currentThread().interrupt();
  }

  private void assertInterrupted(boolean expected) {
    assertThat(Thread.interrupted()).isEqualTo(expected);
  }

  @Test
  void leave_notInterrupted_leavesTheFlagAsItIs() {
    assertThat(interrupts.leave(outer)).isEqualTo(End.BY_ITSELF);
    assertInterrupted(false);
  }

  @Test
  void leave_interruptedFromElsewhereAlone_leavesTheFlagSet() {
    fromElsewhere();
    assertThat(interrupts.leave(outer)).isEqualTo(End.BY_ITSELF);
    assertInterrupted(true);
  }

  @Test
  void leave_interrupted_clearsTheFlag() {
    interrupts.send(outer, End.TIMED_OUT);
    assertThat(interrupts.leave(outer)).isEqualTo(End.TIMED_OUT);
    assertInterrupted(false);
  }

  @Test
  void leave_interruptedFromElsewhereBefore_leavesTheFlagSet() {
    fromElsewhere();
    interrupts.send(outer, End.TIMED_OUT);
    interrupts.leave(outer);
    assertInterrupted(true);
  }

  @Test
  void leave_interruptedFromElsewhereBeforeAndTheBodyTookBoth_setsTheFlagAgain() {
    fromElsewhere();
    interrupts.send(outer, End.TIMED_OUT);
    assertInterrupted(true); // the body
    interrupts.leave(outer);
    assertInterrupted(true);
  }

  @Test
  void leave_theBodyTookTheInterrupt_leavesTheFlagClear() {
    interrupts.send(outer, End.OWNER_CLOSES);
    assertInterrupted(true); // the body
    assertThat(interrupts.leave(outer)).isEqualTo(End.OWNER_CLOSES);
    assertInterrupted(false);
  }

  @Test
  void send_afterTheCallIsOver_doesNotInterrupt() {
    interrupts.leave(outer);
    interrupts.send(outer, End.TIMED_OUT);
    assertInterrupted(false);
  }

  @Test
  void send_forTwoReasons_interruptsOnceForTheFirst() {
    interrupts.send(outer, End.OWNER_CLOSES);
    assertInterrupted(true);
    interrupts.send(outer, End.TIMED_OUT);
    assertInterrupted(false);
    assertThat(interrupts.leave(outer)).isEqualTo(End.OWNER_CLOSES);
  }

  @Test
  void leave_innerAfterBothWereInterrupted_leavesTheOutersInterrupt() {
    assertThat(Interrupts.enter()).isSameAs(interrupts);
    interrupts.send(inner, End.TIMED_OUT);
    interrupts.send(outer, End.TIMED_OUT);
    interrupts.leave(inner);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    interrupts.leave(outer);
    assertInterrupted(false);
  }

  @Test
  void leave_bothAfterAnInterruptFromElsewhere_setsTheFlagAtEachEnd() {
    Interrupts.enter();
    fromElsewhere();
    interrupts.send(inner, End.TIMED_OUT);
    interrupts.send(outer, End.TIMED_OUT);
    assertInterrupted(true); // the inner body
    interrupts.leave(inner);
    assertInterrupted(true); // the outer body
    interrupts.leave(outer);
    assertInterrupted(true);
  }

  @Test
  void enter_afterTheOutermostCallIsOver_beginsAnew() {
    Interrupts.enter();
    interrupts.leave(inner);
    assertThat(Interrupts.enter()).isSameAs(interrupts);
    interrupts.leave(newCall());
    interrupts.leave(outer);
    assertThat(Interrupts.enter())
        .isNotSameAs(interrupts)
        .satisfies(fresh -> fresh.leave(newCall()));
  }
}
