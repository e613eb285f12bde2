package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every way to open something while the scope is open, and what the handle is good for. */
class OpeningTest extends CleanupTestCase {

  private final CleanupManager app = manager();

  private static final class Pool implements AutoCloseable {
    private final List<String> log;

    Pool(List<String> log) {
      this.log = log;
    }

    @Override
    public void close() {
      log.add("pool closed");
    }
  }

  @Test
  void own_ofAResource_returnsItAndClosesItWithTheScope() {
    Pool pool = new Pool(log);
    Pool returned = app.own("pool", pool);
    assertThat(returned).isSameAs(pool);
    assertThat(log).isEmpty();
    app.close();
    assertThat(log).containsExactly("pool closed");
  }

  @Test
  void own_ofTheSameResourceTwice_closesItTwice() {
    Pool pool = new Pool(log);
    app.own("pool", pool);
    app.own("pool", pool);
    app.close();
    assertThat(log).hasSize(2);
  }

  @Test
  void register_ofAResource_returnsAHandleOnIt() {
    Handle<String> handle = app.register("a", "resource", log::add);
    assertThat(handle.get()).isEqualTo("resource");
    HandleInfo info = handle.info();
    assertThat(info.path()).isEqualTo("app/a");
    assertThat(info.name()).isEqualTo("a");
    assertThat(info.kind()).isEqualTo(Kind.RESOURCE);
    assertThat(info.priority()).isEqualTo(Priority.NORMAL);
    assertThat(info.openedAt()).isEqualTo(time.instant());
    assertThat(info.openedBy()).isEqualTo(Thread.currentThread().getName());
    assertThat(info.details()).isEmpty();
    app.close();
    assertThat(log).containsExactly("resource");
  }

  @Test
  void register_whileTimePasses_growsOlder() {
    Handle<String> handle = open(app, "a");
    time.advance(seconds(90));
    assertThat(handle.info().age()).isEqualTo(seconds(90));
    assertThat(handle.info().openedAt()).isEqualTo(time.instant().minus(seconds(90)));
  }

  @Test
  void register_withASupertypesCloser_compilesAndCloses() {
    app.register("a", "resource", (Object any) -> log.add(any.toString()));
    app.close();
    assertThat(log).containsExactly("resource");
  }

  @Test
  void registerAsync_whoseStageIsDone_closes() {
    app.registerAsync("a", "resource", resource -> {
      log.add(resource);
      return CompletableFuture.completedStage(null);
    });
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("resource");
  }

  @Test
  void open_ofAResource_returnsItAndClosesItWithTheScope() throws Exception {
    String opened = app.open("a", () -> "resource", log::add);
    assertThat(opened).isEqualTo("resource");
    assertThat(names(app.handles())).containsExactly("a");
    app.close();
    assertThat(log).containsExactly("resource");
  }

  @Test
  void open_whoseOpenerThrows_throwsThatAndRegistersNothing() {
    IOException refused = new IOException("connection refused");
    assertThatThrownBy(() -> app.open(
            "a",
            () -> {
              throw refused;
            },
            closed -> log.add("closed")))
        .isSameAs(refused);
    assertThat(app.handles()).isEmpty();
    app.close();
    assertThat(log).isEmpty();
  }

  @Test
  void open_whoseOpenerOpensMore_closesThatFirst() throws Exception {
    app.open(
        "outer",
        () -> {
          open(app, "inner");
          return "outer";
        },
        log::add);
    app.close();
    assertThat(log).containsExactly("outer", "inner");
  }

  @Test
  void open_inTryWithResources_closesWhatIsOpenWhenTheBodyThrows() {
    IllegalStateException body = new IllegalStateException("the body failed");
    assertThatThrownBy(() -> {
          try (CleanupManager scope = manager("stream")) {
            scope.open("a", () -> "a", log::add);
            scope.open("b", () -> "b", log::add);
            throw body;
          }
        })
        .isSameAs(body)
        .hasNoSuppressedExceptions();
    assertThat(log).containsExactly("b", "a");
  }

  @Test
  void open_inTryWithResources_suppressesAFailingCloseInWhatTheBodyThrew() {
    IllegalStateException body = new IllegalStateException("the body failed");
    IOException close = new IOException("disk full");
    assertThatThrownBy(() -> {
          try (CleanupManager scope = manager("stream")) {
            scope.open("a", () -> "a", log::add);
            scope.open("b", () -> "b", b -> {
              throw close;
            });
            scope.open("c", () -> "c", log::add);
            throw body;
          }
        })
        .isSameAs(body)
        .satisfies(thrown -> assertThat(thrown.getSuppressed())
            .singleElement()
            .isInstanceOf(CleanupException.class)
            .extracting(Throwable::getCause)
            .isSameAs(close));
    assertThat(log).containsExactly("c", "a");
  }

  @Test
  void defer_ofAnAction_runsItAtClose() {
    Action flush = () -> log.add("flushed");
    Handle<Action> handle = app.defer("flush", flush);
    assertThat(handle.get()).isSameAs(flush);
    assertThat(handle.info().kind()).isEqualTo(Kind.ACTION);
    assertThat(log).isEmpty();
    app.close();
    assertThat(log).containsExactly("flushed");
  }

  @Test
  void defer_closedEarly_runsItThenAndNotAgain() {
    app.defer("flush", () -> log.add("flushed")).close();
    assertThat(log).containsExactly("flushed");
    app.close();
    assertThat(log).hasSize(1);
  }

  @Test
  void defer_released_neverRuns() {
    app.defer("flush", () -> log.add("flushed")).release();
    app.close();
    assertThat(log).isEmpty();
  }

  @Test
  void subscribe_ofAListener_addsItAndRemovesItAtClose() {
    List<String> listeners = new ArrayList<>();
    Handle<String> handle = app.subscribe(listeners::add, listeners::remove, "mine");
    assertThat(listeners).containsExactly("mine");
    assertThat(handle.get()).isEqualTo("mine");
    HandleInfo info = handle.info();
    assertThat(info.name()).isEqualTo("listener");
    assertThat(info.kind()).isEqualTo(Kind.LISTENER);
    assertThat(info.priority()).isEqualTo(Priority.EARLY);
    app.close();
    assertThat(listeners).isEmpty();
  }

  @Test
  void subscribe_closedEarly_removesTheListenerThen() {
    List<String> listeners = new ArrayList<>();
    app.subscribe(listeners::add, listeners::remove, "mine").close();
    assertThat(listeners).isEmpty();
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void subscribe_whenAddingThrows_throwsThatAndRegistersNothing() {
    IllegalStateException full = new IllegalStateException("too many listeners");
    assertThatThrownBy(() -> app.subscribe(
            listener -> {
              throw full;
            },
            listener -> log.add("removed"),
            "mine"))
        .isSameAs(full);
    assertThat(app.handles()).isEmpty();
    app.close();
    assertThat(log).isEmpty();
  }

  @Test
  void child_ofAScope_standsInItsListAndHasItsOwn() {
    Scope session = app.child("session");
    open(session, "socket");
    assertThat(session.name()).isEqualTo("session");
    assertThat(session.state()).isEqualTo(Scope.State.OPEN);
    assertThat(paths(app.handles())).containsExactly("app/session/socket", "app/session");
    assertThat(paths(session.handles())).containsExactly("app/session/socket");
    HandleInfo info = app.handles().get(1);
    assertThat(info.kind()).isEqualTo(Kind.SCOPE);
    assertThat(info.priority()).isEqualTo(Priority.NORMAL);
    assertThat(info.details()).containsExactly(Map.entry("handles", "1"));
  }

  @Test
  void child_closedEarly_closesItsOwnAndLeavesItsParent() {
    open(app, "pool");
    Scope session = app.child("session");
    open(session, "socket");
    open(session, "buffer");
    session.close();
    assertThat(log).containsExactly("buffer", "socket");
    assertThat(session.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(app.state()).isEqualTo(Scope.State.OPEN);
    assertThat(names(app.handles())).containsExactly("pool");
  }

  @Test
  void child_ofAChild_isClosedByEither() {
    Scope outer = app.child("outer");
    Scope inner = outer.child("inner");
    open(inner, "a");
    outer.close();
    assertThat(inner.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(log).containsExactly("a");
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void child_withManyLevels_closesFromTheInside() {
    Scope scope = app;
    List<String> expected = new ArrayList<>();
    for (int level = 0; level < 500; level++) {
      open(scope, "r" + level);
      scope = scope.child("s" + level);
      expected.add(0, "r" + level);
    }
    assertThat(app.handles()).hasSize(1_000);
    app.close();
    assertThat(log).isEqualTo(expected);
  }

  @Test
  void names_thatRepeat_areAllowed() {
    open(app, "same");
    open(app, "same");
    app.child("same");
    assertThat(names(app.handles())).containsExactly("same", "same", "same");
    app.close();
    assertThat(log).hasSize(2);
  }

  @Test
  void name_withASlash_isKeptAsItIs() {
    assertThat(open(app, "a/b").info().path()).isEqualTo("app/a/b");
  }

  // ---- the handle

  @Test
  void close_ofAHandle_closesItNowAndTakesItOut() {
    open(app, "a");
    Handle<String> handle = open(app, "b");
    open(app, "c");
    handle.close();
    assertThat(log).containsExactly("b");
    assertThat(names(app.handles())).containsExactly("c", "a");
    app.close();
    assertThat(log).containsExactly("b", "c", "a");
  }

  @Test
  void close_onTheThreadOfTheCaller_runsTheCloserThere() {
    Thread[] closedBy = new Thread[1];
    app.register("a", "a", a -> closedBy[0] = Thread.currentThread()).close();
    assertThat(closedBy[0]).isSameAs(Thread.currentThread());
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  @Test
  void close_twice_closesOnce() {
    Handle<String> handle = open(app, "a");
    handle.close();
    handle.close();
    handle.close();
    assertThat(log).containsExactly("a");
    assertThat(handle.info().details()).containsEntry("closed again", "2 times");
  }

  @Test
  void close_afterTheScopeClosed_changesNothing() {
    Handle<String> handle = open(app, "a");
    app.close();
    handle.close();
    assertThat(log).containsExactly("a");
  }

  @Test
  void close_whoseCloserThrows_throwsItAndIsClosedAllTheSame() {
    IOException failure = new IOException("disk full");
    Handle<String> handle = app.register("a", "a", a -> {
      throw failure;
    });
    assertThatThrownBy(handle::close)
        .isInstanceOf(CleanupException.class)
        .hasCause(failure)
        .hasMessageStartingWith("'app/a' (opened ")
        .hasMessageEndingWith(" failed to close: java.io.IOException: disk full.")
        .satisfies(thrown -> {
          CloseReport report = ((CleanupException) thrown).report();
          assertThat(report.scope()).isEqualTo("app/a");
          assertThat(report.complete()).isTrue();
          assertThat(outcomes(report)).containsExactly(CloseReport.Outcome.FAILED);
        });
    assertThat(app.handles()).isEmpty();
    handle.close();
    assertThat(app.shutdown().entries()).isEmpty();
  }

  @Test
  void close_whoseCloserThrowsAVirtualMachineError_throwsThat() {
    StackOverflowError fatal = new StackOverflowError();
    Handle<String> handle = app.register("a", "a", a -> {
      throw fatal;
    });
    assertThatThrownBy(handle::close).isSameAs(fatal);
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void get_afterClose_throws() {
    Handle<String> handle = open(app, "a");
    handle.close();
    assertThatThrownBy(handle::get)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/a' is closed or closing. Use it before that, or open it again.")
        .hasNoCause();
  }

  @Test
  void get_fromInsideTheCloser_throws() {
    Handle<?>[] handle = new Handle<?>[1];
    handle[0] = app.register(
        "a", "a", a -> assertThatThrownBy(handle[0]::get).isInstanceOf(ClosedScopeException.class));
    assertThat(app.shutdown().clean()).isTrue();
  }

  @Test
  void everySetter_afterClose_throwsAndNamesTheHandle() {
    Handle<String> handle = open(app, "a");
    app.close();
    String message = "'app/a' is closed or closing. Use it before that, or open it again.";
    assertThatThrownBy(() -> handle.priority(Priority.LAST))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> handle.timeout(seconds(1)))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> handle.warnAfter(seconds(1)))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
    assertThatThrownBy(handle::release)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
  }

  @Test
  void everySetter_ofALiveHandle_returnsTheHandle() {
    Handle<String> handle = open(app, "a");
    assertThat(handle.priority(Priority.LAST)).isSameAs(handle);
    assertThat(handle.timeout(seconds(1))).isSameAs(handle);
    assertThat(handle.warnAfter(seconds(1))).isSameAs(handle);
    assertThat(handle.info().priority()).isEqualTo(Priority.LAST);
  }

  @Test
  void info_afterClose_stillDescribesTheHandle() {
    Scope session = app.child("session");
    Handle<String> handle = open(session, "a");
    time.advance(seconds(3));
    app.close();
    HandleInfo info = handle.info();
    assertThat(info.path()).isEqualTo("app/session/a");
    assertThat(info.age()).isEqualTo(seconds(3));
    assertThat(info.kind()).isEqualTo(Kind.RESOURCE);
  }

  @Test
  void release_ofAHandle_returnsTheResourceUnclosed() {
    Handle<String> handle = open(app, "a");
    assertThat(handle.release()).isEqualTo("a");
    assertThat(app.handles()).isEmpty();
    app.close();
    assertThat(log).isEmpty();
  }

  @Test
  void release_twice_saysThatTheCallerOwnsIt() {
    Handle<String> handle = open(app, "a");
    handle.release();
    String message =
        "'app/a' was released: it is its caller's own now, and this handle no longer refers to it.";
    assertThatThrownBy(handle::release)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
    assertThatThrownBy(handle::get).isInstanceOf(ClosedScopeException.class).hasMessage(message);
    assertThatThrownBy(() -> handle.priority(Priority.LAST))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(message);
  }

  @Test
  void close_afterRelease_doesNotClose() {
    Handle<String> handle = open(app, "a");
    handle.release();
    handle.close();
    assertThat(log).isEmpty();
  }
}
