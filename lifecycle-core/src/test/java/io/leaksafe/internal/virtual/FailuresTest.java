package io.leaksafe.internal.virtual;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class FailuresTest extends VirtualTestCase {

  /** Starts a thread that fails after a while; its handler logs. */
  private Thread startFailing(String name, long millis, Throwable thrown) {
    return start(name, () -> {
      Thread.currentThread()
          .setUncaughtExceptionHandler((thread, e) -> log(thread.getName() + " " + e.getMessage()));
      park(millis);
      FailuresTest.<RuntimeException>raise(thrown);
    });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void raise(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void advance_threadThrows_tellsItsHandlerAndThrowsOnceAllTimeHasPassed() {
    RuntimeException broken = new RuntimeException("broken");
    Thread failing = startFailing("failing", 1_500, broken);
    start("later", () -> parkAndLog(2_000));
    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(3)))
        .withMessage(
            "Thread 'failing' ended by an uncaught exception 1.5 s after the start of virtual time:"
                + " java.lang.RuntimeException: broken")
        .havingCause()
        .isSameAs(broken);
    assertThat(log).containsExactly("1500 failing broken", "2000 later");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
    assertThat(failing.isAlive()).isFalse();
    time.advance(ofSeconds(1));
  }

  private void parkAndLog(long millis) {
    park(millis);
    log(Thread.currentThread().getName());
  }

  @Test
  void advance_severalThreadsThrow_suppressesTheLaterOnesInTheFirst() {
    startFailing("a", 1, new AssertionError("first"));
    startFailing("b", 2, new RuntimeException("second"));
    Throwable thrown = catchThrowable(() -> time.advance(ofMillis(2)));
    assertThat(thrown).hasMessageContaining("Thread 'a'").hasRootCauseMessage("first");
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0]).hasMessageContaining("Thread 'b'");
  }

  @Test
  void advance_threadThrewBefore_throwsThen() throws Exception {
    Thread failing = startFailing("failing", 0, new RuntimeException("broken"));
    assertThat(time.join(failing, FOREVER)).isTrue();
    assertThatIllegalStateException().isThrownBy(time::settle).withMessageContaining("'failing'");
  }

  @Test
  void call_bodyThrowsToo_suppressesTheFailureInWhatTheBodyThrew() {
    RuntimeException ofBody = new RuntimeException("body");
    startFailing("failing", 1, new RuntimeException("other"));
    assertThatThrownBy(() -> time.run(() -> {
          park(2);
          throw ofBody;
        }))
        .isSameAs(ofBody);
    assertThat(ofBody.getSuppressed()).hasSize(1);
    assertThat(ofBody.getSuppressed()[0]).hasMessageContaining("'failing'");
  }

  @Test
  void call_bodyEndsWell_throwsTheFailureOfTheOther() {
    startFailing("failing", 1, new RuntimeException("other"));
    assertThatIllegalStateException()
        .isThrownBy(() -> time.run(() -> park(2)))
        .withMessageContaining("'failing'");
  }

  @Test
  void call_deadlockBecauseAThreadFailed_suppressesTheFailure() {
    startFailing("failing", 1, new RuntimeException("other"));
    Throwable thrown = catchThrowable(() -> time.run(() -> time.park(this, FOREVER)));
    assertThat(thrown).hasMessageStartingWith("Deadlock in virtual time");
    assertThat(thrown.getSuppressed()[0]).hasMessageContaining("'failing'");
  }

  @Test
  void advance_handlerThrows_suppressesThatInTheFailure() {
    RuntimeException broken = new RuntimeException("broken");
    RuntimeException byHandler = new RuntimeException("handler");
    start("failing", () -> {
      Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {
        throw byHandler;
      });
      throw broken;
    });
    assertThatIllegalStateException().isThrownBy(time::settle).withCause(broken);
    assertThat(broken.getSuppressed()).containsExactly(byHandler);
  }
}
