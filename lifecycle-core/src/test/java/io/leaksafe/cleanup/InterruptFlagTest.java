package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interrupts reach the closer they are meant for, and the caller keeps its own. */
class InterruptFlagTest extends CleanupTestCase {

  private static final Duration FOREVER = Duration.ofHours(10);

  private final CleanupManager app = manager();
  private final Scope child = app.child("child");

  private Handle<String> openAsking(Scope scope, String name) {
    return scope.register(
        name, name, r -> log.add(name + " " + Thread.currentThread().isInterrupted()));
  }

  /** Closes a scope in one of the two ways, and never throws. */
  record Way(String name, Consumer<Scope> close) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("shutdown", scope -> assertThat(scope.shutdown()).isNotNull()),
        new Way("close", scope -> {
          Throwable thrown = catchThrowable(scope::close);
          assertThat(thrown == null || thrown instanceof CleanupException).isTrue();
        }));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void closeOfTheRoot_withTheFlagSetBefore_isNotShortenedAndSetsItAgain(Way way) throws Exception {
    openSlow(app, "slow", seconds(1));
    openAsking(app, "asks");
    time.run(() -> {
      Thread.currentThread().interrupt();
      Duration took = timed(() -> way.close().accept(app));
      log.add("caller " + Thread.interrupted());
      assertThat(took).isEqualTo(seconds(1));
    });
    assertThat(log).containsExactly("asks false", "slow", "caller true");
    assertThat(app.report().clean()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void closeOfAChild_withTheFlagSetBefore_isNotShortenedAndSetsItAgain(Way way) throws Exception {
    openSlow(child, "slow", seconds(1));
    openAsking(child, "asks");
    time.run(() -> {
      Thread.currentThread().interrupt();
      way.close().accept(child);
      log.add("caller " + Thread.interrupted());
    });
    assertThat(log).containsExactly("asks false", "slow", "caller true");
    assertThat(child.shutdown().clean()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void closeOfTheRoot_interruptedWhileItWaits_returnsAtOnceAndClosingGoesOn(Way way)
      throws Exception {
    open(app, "closes after it");
    openSlow(app, "slow", seconds(2));
    time.run(() -> {
      Thread caller = start("caller", () -> {
        assertThat(timed(() -> way.close().accept(app))).isEqualTo(seconds(1));
        log.add("caller " + Thread.currentThread().isInterrupted());
      });
      time.sleep(seconds(1));
      caller.interrupt();
      join(caller);
      CloseReport report = app.report();
      assertThat(report.complete()).isFalse();
      assertThat(outcomeOf(report, "slow")).isEqualTo(Outcome.PENDING);
      time.sleep(seconds(2));
      assertThat(app.state()).isEqualTo(Scope.State.CLOSED);
      assertThat(app.report().complete()).isTrue();
      assertThat(app.handles()).isEmpty();
    });
    assertThat(log).containsExactly("caller true", "slow", "closes after it");
  }

  @Test
  void closeOfTheRoot_interruptedWhileItWaits_stillInterruptsWhoHangs() throws Exception {
    open(app, "closes after it");
    openDeaf(app, "hung", FOREVER);
    openSlow(app, "obeys", FOREVER);
    time.run(() -> {
      Thread caller = start("caller", app::shutdown);
      time.sleep(seconds(1));
      caller.interrupt();
      join(caller);
      time.sleep(seconds(10));
      CloseReport report = app.report();
      assertThat(outcomeOf(report, "obeys")).isEqualTo(Outcome.TIMED_OUT);
      assertThat(outcomeOf(report, "hung")).isEqualTo(Outcome.HUNG);
      assertThat(report.live()).hasSize(1);
    });
    assertThat(log).containsExactly("closes after it");
  }

  @Test
  void secondCaller_interruptedWhileItWaits_returnsAloneAndSpoilsNothing() throws Exception {
    open(app, "closes after it");
    openSlow(app, "slow", seconds(2));
    time.run(() -> {
      Thread first = start("first", () -> {
        CloseReport report = app.shutdown();
        log.add("first clean " + report.clean());
      });
      time.sleep(millis(100));
      Thread second = start("second", () -> {
        CloseReport report = app.shutdown();
        log.add("second complete " + report.complete() + ", interrupted "
            + Thread.currentThread().isInterrupted());
      });
      time.sleep(seconds(1));
      second.interrupt();
      join(second);
      join(first);
    });
    assertThat(log)
        .containsExactly(
            "second complete false, interrupted true",
            "slow",
            "closes after it",
            "first clean true");
  }

  @Test
  void closeOfAChild_interruptedByAStranger_handsThatToTheCloserAndKeepsTheFlag() throws Exception {
    openAsking(child, "asks");
    openSlow(child, "slow", seconds(2));
    time.run(() -> {
      Thread caller = start("caller", () -> {
        CloseReport report = child.shutdown();
        log.add("caller " + Thread.currentThread().isInterrupted());
        assertThat(outcomeOf(report, "slow")).isEqualTo(Outcome.FAILED);
      });
      time.sleep(seconds(1));
      caller.interrupt();
      join(caller);
    });
    assertThat(log).containsExactly("asks false", "caller true");
  }

  @Test
  void closeOfAHandle_interruptedByAStranger_keepsTheFlag() throws Exception {
    Handle<String> plain = openSlow(app, "plain", seconds(2));
    Handle<String> limited = openSlow(app, "limited", seconds(2)).timeout(seconds(60));
    for (Handle<String> handle : List.of(plain, limited)) {
      time.run(() -> {
        Thread caller = start("caller", () -> {
          assertThat(catchThrowable(handle::close))
              .isInstanceOf(CleanupException.class)
              .hasCauseInstanceOf(InterruptedException.class);
          log.add(handle.info().name() + " " + Thread.currentThread().isInterrupted());
        });
        time.sleep(seconds(1));
        caller.interrupt();
        join(caller);
      });
    }
    assertThat(log).containsExactly("plain true", "limited true");
  }

  @Test
  void closerOfTheRoot_thatLeavesTheFlagSet_doesNotHandItToTheNext() {
    openAsking(app, "last");
    app.defer("sets it", () -> Thread.currentThread().interrupt());
    openAsking(app, "first");
    app.defer("throws it", () -> {
      throw new InterruptedException();
    });
    app.shutdown();
    assertThat(log).containsExactly("first false", "last false");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void closerOfAChild_thatLeavesTheFlagSet_doesNotHandItToTheNext() {
    openAsking(child, "last");
    child.defer("sets it", () -> Thread.currentThread().interrupt());
    openAsking(child, "first");
    child.shutdown();
    Thread.interrupted();
    assertThat(log).containsExactly("first false", "last false");
  }

  @Test
  void closerInterruptedByTheWatchdog_leavesNoFlagWithTheNextNorTheCaller() throws Exception {
    for (int i = 0; i < 5; i++) {
      openAsking(child, "asks" + i);
      openSlow(child, "overdue" + i, FOREVER).timeout(millis(100));
    }
    time.run(() -> {
      CloseReport report = child.shutdown();
      assertThat(report.complete()).isTrue();
      log.add("caller " + Thread.currentThread().isInterrupted());
    });
    assertThat(log)
        .containsExactly(
            "asks4 false",
            "asks3 false",
            "asks2 false",
            "asks1 false",
            "asks0 false",
            "caller false");
  }

  @Test
  void closerThatEndsAtTheVeryMomentOfItsShare_leavesNoFlagBehind() throws Exception {
    for (int i = 0; i < 20; i++) {
      openAsking(child, "asks");
      openSlow(child, "just in time", millis(100)).timeout(millis(100));
    }
    time.run(() -> {
      child.shutdown();
      log.add("caller " + Thread.currentThread().isInterrupted());
    });
    assertThat(log)
        .filteredOn(line -> !line.startsWith("just"))
        .hasSize(21)
        .allMatch(line -> line.endsWith(" false"));
  }

  @Test
  void handleClosedEarly_withTheFlagSetBefore_runsItsCloserAndKeepsTheFlag() throws Exception {
    Handle<String> limited = openSlow(app, "limited", seconds(1)).timeout(seconds(2));
    time.run(() -> {
      Thread.currentThread().interrupt();
      limited.close();
      log.add("caller " + Thread.interrupted());
    });
    assertThat(log).containsExactly("limited", "caller true");
  }
}
