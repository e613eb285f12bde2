package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.handle.ClosedScopeException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opening something in a scope whose close has begun: it is closed again at once, and the caller hears of it. */
class LateOpeningTest extends CleanupTestCase {

  private final CleanupManager app = manager();

  /** Every way to open something named 'late', whose end is logged. */
  enum Way {
    OWN,
    REGISTER,
    REGISTER_ASYNC,
    DEFER;

    void open(Scope scope, ThrowingCallable closer) {
      switch (this) {
        case OWN -> scope.own("late", () -> run(closer));
        case REGISTER -> scope.register("late", "late", late -> run(closer));
        case REGISTER_ASYNC ->
          scope.registerAsync("late", "late", late -> {
            run(closer);
            return CompletableFuture.completedStage(null);
          });
        case DEFER -> scope.defer("late", () -> run(closer));
      }
    }

    private static void run(ThrowingCallable closer) {
      try {
        closer.call();
      } catch (Throwable failure) {
        throw sneaky(failure);
      }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
      throw (E) failure;
    }
  }

  private static String message(String state) {
    return "'app' is " + state + "; 'late' was closed at once instead of being registered. "
        + "Open it before close(), or give it an owner that lives longer.";
  }

  @ParameterizedTest
  @EnumSource
  void opening_afterClose_closesAtOnceAndThrows(Way way) {
    app.close();
    assertThatThrownBy(() -> way.open(app, () -> log.add("closed")))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessage(message("closed"))
        .hasNoCause()
        .hasNoSuppressedExceptions();
    assertThat(log).containsExactly("closed");
    assertThat(app.handles()).isEmpty();
    assertThat(app.report().entries()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void opening_whileTheScopeCloses_closesAtOnceAndThrows(Way way) {
    Throwable[] thrown = new Throwable[1];
    open(app, "before");
    app.defer(
        "opens", () -> thrown[0] = catchThrowable(() -> way.open(app, () -> log.add("closed"))));
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(thrown[0])
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessage(message("closing"));
    assertThat(log).containsExactly("closed", "before");
  }

  @ParameterizedTest
  @EnumSource
  void opening_tooLateWithAFailingCloser_suppressesThatFailure(Way way) {
    app.close();
    IOException failure = new IOException("disk full");
    assertThatThrownBy(() -> way.open(app, () -> {
          throw failure;
        }))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(failure));
  }

  @ParameterizedTest
  @EnumSource
  void opening_tooLateWithAnInterruptedCloser_keepsTheInterrupt(Way way) {
    app.close();
    Throwable thrown = catchThrowable(() -> way.open(app, () -> {
      throw new InterruptedException();
    }));
    boolean interrupted = Thread.interrupted();
    assertThat(thrown).isExactlyInstanceOf(ClosedScopeException.class);
    assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(interrupted).isTrue();
  }

  @Test
  void registerAsync_tooLateWithAStageThatFails_suppressesItsFailure() {
    app.close();
    IOException failure = new IOException("disk full");
    assertThatThrownBy(
            () -> app.registerAsync("late", "late", late -> CompletableFuture.failedStage(failure)))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(failure));
  }

  @Test
  void registerAsync_tooLateAndInterruptedWhileItWaits_keepsTheInterrupt() {
    app.close();
    Thread.currentThread().interrupt();
    Throwable thrown =
        catchThrowable(() -> app.registerAsync("late", "late", late -> new CompletableFuture<>()));
    boolean interrupted = Thread.interrupted();
    assertThat(thrown).isExactlyInstanceOf(ClosedScopeException.class);
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(interrupted).isTrue();
  }

  @Test
  void open_afterClose_doesNotCallTheOpener() {
    app.close();
    assertThatThrownBy(() -> app.open("late", () -> log.add("opened"), opened -> log.add("closed")))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessage("'app' is closed; 'late' was not opened. "
            + "Open it before close(), or give it an owner that lives longer.");
    assertThat(log).isEmpty();
  }

  @Test
  void open_whenTheScopeClosesWhileTheOpenerRuns_closesWhatWasOpened() {
    assertThatThrownBy(() -> app.open(
            "late",
            () -> {
              app.close();
              return "opened";
            },
            log::add))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessage(message("closed"));
    assertThat(log).containsExactly("opened");
  }

  @Test
  void open_whenTheScopeClosesAndTheOpenerThrows_throwsWhatItThrew() {
    IOException refused = new IOException("connection refused");
    assertThatThrownBy(() -> app.open(
            "late",
            () -> {
              app.close();
              throw refused;
            },
            closed -> log.add("closed")))
        .isSameAs(refused);
    assertThat(log).isEmpty();
  }

  @Test
  void open_whileAnotherThreadCloses_closesWhatWasOpened() throws Exception {
    open(app, "before");
    time.run(() -> {
      Gate opening = new Gate();
      Gate closed = new Gate();
      Thread opener = start(
          "opener",
          () -> assertThatThrownBy(() -> app.open(
                  "late",
                  () -> {
                    opening.open();
                    closed.await();
                    return "opened";
                  },
                  log::add))
              .isExactlyInstanceOf(ClosedScopeException.class));
      opening.await();
      app.close();
      closed.open();
      join(opener);
    });
    assertThat(log).containsExactly("before", "opened");
  }

  @Test
  void subscribe_afterClose_doesNotAddTheListener() {
    app.close();
    assertThatThrownBy(() ->
            app.subscribe(listener -> log.add("added"), listener -> log.add("removed"), "mine"))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessage("'app' is closed; 'listener' was not opened. "
            + "Open it before close(), or give it an owner that lives longer.");
    assertThat(log).isEmpty();
  }

  @Test
  void subscribe_whenTheScopeClosesWhileItIsAdded_removesTheListener() {
    assertThatThrownBy(() -> app.subscribe(
            listener -> {
              log.add("added");
              app.close();
            },
            listener -> log.add("removed"),
            "mine"))
        .isExactlyInstanceOf(ClosedScopeException.class);
    assertThat(log).containsExactly("added", "removed");
  }

  @Test
  void child_afterClose_opensNone() {
    app.close();
    assertThatThrownBy(() -> app.child("late"))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app' is closed; 'late' was ");
    assertThatThrownBy(() -> app.group("late", 4))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app' is closed; 'late' was ");
  }

  @Test
  void everyOpening_inAChildOfAClosedScope_isLate() {
    Scope session = app.child("session");
    app.close();
    assertThatThrownBy(() -> open(session, "late"))
        .isExactlyInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app/session' is closed; 'late' was closed at once");
    assertThat(log).containsExactly("late");
  }

  @Test
  void opening_inAChildThatTheCloseHasNotReached_isAcceptedAndClosed() {
    Scope reachedLater = app.child("later");
    open(reachedLater, "a");
    app.defer("closes first", () -> open(reachedLater, "b"));
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(log).containsExactly("b", "a");
    assertThat(names(report)).containsExactly("closes first", "b", "a", "later");
  }

  @Test
  void opening_inAScopeOfAnotherManager_isNotAffected() {
    CleanupManager other = manager("other");
    app.close();
    open(other, "a");
    assertThat(names(other.handles())).containsExactly("a");
  }
}
