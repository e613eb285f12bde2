package io.leaksafe.internal.virtual;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CallTest extends VirtualTestCase {

  @Test
  void call_bodyThatWaits_movesTimeUntilItIsDoneAndReturnsItsValue() throws Exception {
    String value = time.call(() -> {
      park(1_000);
      time.sleep(ofHours(2));
      return "done";
    });
    assertThat(value).isEqualTo("done");
    assertThat(time.elapsed()).isEqualTo(ofHours(2).plusSeconds(1));
  }

  @Test
  void call_nullValue_returnsNull() throws Exception {
    assertThat(time.<Object>call(() -> null)).isNull();
  }

  @Test
  void call_bodyThrows_throwsTheSameAsItIs() {
    IOException checked = new IOException("broken");
    AssertionError error = new AssertionError("wrong");
    assertThatThrownBy(() -> time.run(() -> raise(checked))).isSameAs(checked);
    assertThatThrownBy(() -> time.run(() -> raise(error))).isSameAs(error);
  }

  @Test
  void call_bodyThrowsNeitherExceptionNorError_wrapsIt() {
    Throwable odd = new Throwable("odd");
    assertThatThrownBy(() -> time.run(() -> CallTest.<RuntimeException>raiseAs(odd)))
        .isInstanceOf(UndeclaredThrowableException.class)
        .hasCause(odd);
  }

  private static void raise(Throwable thrown) throws Exception {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (Exception) thrown;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void raiseAs(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void call_others_haveWokenAndSettledWhenItReturns() throws Exception {
    start("periodic", () -> {
      for (int i = 0; i < 3; i++) {
        park(10);
        log("tick");
      }
    });
    time.run(() -> {
      park(25);
      log("body ends");
      start("last", () -> log("last"));
    });
    assertThat(log).containsExactly("10 tick", "20 tick", "25 body ends", "25 last");
    time.advance(ofMillis(5));
  }

  @Test
  void call_bodyDone_leavesTimeWhereItWas() throws Exception {
    Thread parked = start("parked", () -> park(10));
    time.run(() -> {});
    assertThat(time.elapsed()).isZero();
    assertThat(waits(parked)).isTrue();
    time.advance(ofMillis(10));
  }

  @Test
  void call_body_hasTheCallersContextClassLoader() throws Exception {
    ClassLoader mine = new ClassLoader(null) {};
    Thread.currentThread().setContextClassLoader(mine);
    assertThat(time.<ClassLoader>call(() -> Thread.currentThread().getContextClassLoader()))
        .isSameAs(mine);
  }

  @Test
  void call_everythingWaitsWithoutDeadline_listsEveryThreadWithItsStack() {
    Thread idle = start("idle", () -> time.park(new Object(), FOREVER));
    Thread joiner = start("joiner", () -> time.join(idle, FOREVER));
    time.advance(ofSeconds(3));
    Throwable thrown = catchThrowable(() -> time.run(this::parkHere));
    assertThat(thrown)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Deadlock in virtual time, 3 s after its start: everything waits, nobody has a"
                + " deadline, and 'virtual-time-call' is not done. One of these has to be unparked"
                + " or interrupted:\n"
                + "  'idle' parked on Object\n")
        .hasMessageContaining("\n  'virtual-time-call' parked on CallTest\n      at "
            + "io.leaksafe.internal.virtual.CallTest.parkHere(CallTest.java:")
        .hasMessageContaining("\n  'joiner' joins 'idle'\n")
        .message()
        .doesNotContain("LockSupport");
    time.unpark(idle);
    assertThat(time.join(joiner, FOREVER)).isTrue();
  }

  private void parkHere() {
    time.park(this, FOREVER);
  }

  @Test
  void call_deadlock_interruptsTheBodySoThatItsThreadEnds() {
    AtomicBoolean interrupted = new AtomicBoolean();
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(() -> {
          parkHere();
          interrupted.set(Thread.currentThread().isInterrupted());
        }));
    time.settle();
    assertThat(interrupted).isTrue();
  }

  @Test
  void call_onlyOthersRun_givesUpAfterThePatience() {
    time.patience(ofMillis(300));
    AtomicBoolean stop = new AtomicBoolean();
    start("heartbeat", () -> {
      while (!stop.get()) {
        park(1);
      }
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(this::parkHere))
        .withMessageStartingWith(
            "'virtual-time-call' has not run for 300 ms of real time, while timers of others moved"
                + " virtual time on to ")
        .withMessageContaining("'heartbeat' parked on CallTest")
        .withMessageContaining("parkHere(");
    stop.set(true);
    time.patience(ofSeconds(10));
    time.advance(ofMillis(1));
  }

  @Test
  void call_bodyThatSleepsForLongAmongShortTimers_isPatient() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    start("minutely", () -> {
      while (!stop.get()) {
        park(60_000);
      }
    });
    time.run(() -> time.sleep(ofDays(2)));
    stop.set(true);
    assertThat(time.elapsed()).isEqualTo(ofDays(2));
    time.advance(ofSeconds(60));
  }

  @Test
  void call_onAThreadOfThisTime_saysWhatToDo() {
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(() -> time.call(() -> "inner")))
        .withMessageStartingWith("'virtual-time-call' is a thread of this virtual time");
  }

  @Test
  void call_null_saysWhat() {
    assertThatNullPointerException()
        .isThrownBy(() -> time.call(null))
        .withMessage("body must not be null.");
    assertThatNullPointerException()
        .isThrownBy(() -> time.run(null))
        .withMessage("body must not be null.");
  }
}
