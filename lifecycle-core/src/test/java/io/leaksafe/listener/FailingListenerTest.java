package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Listeners that throw: all are called, each failure is logged, all are thrown together. */
class FailingListenerTest extends ListenerTestCase {

  @Test
  void fire_someFail_callsAllAndThrowsTogether() {
    IOException first = new IOException("first");
    Error second = new AssertionError("second");
    events.add(event -> {
      throw first;
    });
    events.add(hears("b"));
    events.add(event -> {
      throw second;
    });
    events.add(hears("d"));
    Throwable thrown = catchThrowable(() -> fire("1"));
    assertThat(heard).containsExactly("b 1", "d 1");
    assertThat(thrown)
        .isInstanceOf(ListenerException.class)
        .hasMessage("2 listeners of '" + root
            + "/events' failed, and all 4 were called. The first failure: "
            + "java.io.IOException: first")
        .hasCause(first)
        .hasSuppressedException(second);
  }

  @Test
  void fire_someFail_logsEach() {
    for (int i = 0; i < 2; i++) {
      String failure = "failure " + i;
      events.add(event -> {
        throw new IOException(failure);
      });
    }
    assertThatThrownBy(() -> fire("1")).isInstanceOf(ListenerException.class);
    assertThat(logged())
        .hasSize(2)
        .allMatch(line -> line.startsWith("A listener of '" + root + "/events', opened "));
  }

  @Test
  void fire_theSameFailureTwice_isNotSuppressedByItself() {
    IOException same = new IOException("same");
    for (int i = 0; i < 2; i++) {
      events.add(event -> {
        throw same;
      });
    }
    Throwable thrown = catchThrowable(() -> fire("1"));
    assertThat(thrown).hasCause(same);
    assertThat(thrown.getSuppressed()).isEmpty();
  }

  @Test
  void fire_oneRunsOutOfMemory_throwsThatOnceAllHaveBeenCalled() {
    IOException other = new IOException("other");
    OutOfMemoryError fatal = new OutOfMemoryError("fatal");
    events.add(event -> {
      throw other;
    });
    events.add(event -> {
      throw fatal;
    });
    events.add(hears("c"));
    assertThatThrownBy(() -> fire("1")).isSameAs(fatal).hasSuppressedException(other);
    assertThat(heard).containsExactly("c 1");
  }

  @Test
  void fire_oneIsInterrupted_setsTheFlagAgainAtTheEnd() {
    events.add(event -> {
      throw new InterruptedException("given up");
    });
    events.add(event -> heard.add("interrupted: " + Thread.currentThread().isInterrupted()));
    assertThatThrownBy(() -> fire("1")).hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(heard).containsExactly("interrupted: false");
  }

  @Test
  void fire_afterAFailure_callsTheListenerAgain() {
    events.add(event -> {
      heard.add("a " + event);
      throw new IOException("always");
    });
    for (int i = 1; i <= 3; i++) {
      String event = "" + i;
      assertThatThrownBy(() -> fire(event)).isInstanceOf(ListenerException.class);
    }
    assertThat(heard).containsExactly("a 1", "a 2", "a 3");
  }
}
