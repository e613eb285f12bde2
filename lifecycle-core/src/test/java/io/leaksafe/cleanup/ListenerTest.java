package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a manager tells its listener, when, and what a listener may do wrong. */
class ListenerTest extends CleanupTestCase {

  private static final Duration FOREVER = Duration.ofHours(10);

  /** Logs every event in one line. */
  private class Logging implements CleanupListener {
    @Override
    public void opened(HandleInfo handle) {
      log.add("opened " + handle.path());
    }

    @Override
    public void closed(Entry entry) {
      log.add("closed " + entry.handle().path() + " " + entry.outcome());
    }

    @Override
    public void overdue(HandleInfo handle, Duration running, List<StackTraceElement> stuckAt) {
      log.add("overdue " + handle.path() + " " + running + " " + !stuckAt.isEmpty());
    }

    @Override
    public void suspect(HandleInfo handle, String reason) {
      log.add("suspect " + handle.path());
    }

    @Override
    public void growing(HandleInfo newest, int live) {
      log.add("growing " + newest.path() + " " + live);
    }

    @Override
    public void doubleClosed(HandleInfo handle, int calls) {
      log.add("doubleClosed " + handle.path() + " " + calls);
    }

    @Override
    public void finished(CloseReport report) {
      log.add("finished " + report.scope() + " clean " + report.clean());
    }
  }

  private CleanupManager told(CleanupListener listener) {
    return build(CleanupManager.builder("app").listener(listener).timeout(seconds(1)));
  }

  private final CleanupManager app = told(new Logging());

  /** Registers something whose closer logs nothing. */
  private Handle<String> quiet(Scope scope, String name) {
    return scope.register(name, name, resource -> {});
  }

  @Test
  void opened_isToldOfEveryKind() throws Exception {
    app.own("owned", () -> {});
    quiet(app, "registered");
    app.registerAsync("async", "a", a -> CompletableFuture.completedStage(null));
    app.open("opened", () -> "a", a -> {});
    app.defer("deferred", () -> {});
    app.subscribe(l -> {}, l -> {}, "l");
    quiet(app.child("child"), "inner");
    app.group("group", 2);
    assertThat(log)
        .containsExactly(
            "opened app/owned",
            "opened app/registered",
            "opened app/async",
            "opened app/opened",
            "opened app/deferred",
            "opened app/listener",
            "opened app/child",
            "opened app/child/inner",
            "opened app/group");
  }

  @Test
  void opened_isNotToldOfWhatCameTooLate() {
    app.close();
    log.clear();
    assertThat(catchThrowable(() -> quiet(app, "late"))).isNotNull();
    assertThat(log).isEmpty();
  }

  @Test
  void closed_isToldInClosingOrder_andFinishedLast() {
    quiet(app, "a");
    Scope child = app.child("child");
    quiet(child, "b");
    log.clear();
    app.close();
    assertThat(log)
        .contains("closed app/child/b CLOSED", "closed app/a CLOSED")
        .endsWith("finished app clean true");
    assertThat(log.stream().filter(line -> line.startsWith("closed ") && !line.contains("child ")))
        .containsExactly("closed app/child/b CLOSED", "closed app/a CLOSED");
  }

  @Test
  void closed_isToldOfScopesToo_onceEach() {
    Scope child = app.child("child");
    Scope early = app.child("early");
    log.clear();
    early.close();
    app.close();
    assertThat(child.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(log)
        .containsExactly(
            "closed app/early CLOSED", "closed app/child CLOSED", "finished app clean true");
  }

  @Test
  void closed_isToldOfAHandleClosedEarly_once() {
    Handle<String> handle = quiet(app, "a");
    log.clear();
    handle.close();
    app.close();
    assertThat(log).containsExactly("closed app/a CLOSED", "finished app clean true");
  }

  @Test
  void closed_isNotToldOfAReleasedHandle() {
    Handle<String> handle = quiet(app, "a");
    log.clear();
    handle.release();
    app.close();
    assertThat(log).containsExactly("finished app clean true");
  }

  @Test
  void closed_ofAFailure_carriesTheError() {
    IOException failure = new IOException("disk full");
    List<Throwable> errors = new ArrayList<>();
    CleanupManager other = told(new CleanupListener() {
      @Override
      public void closed(Entry entry) {
        errors.add(entry.error());
      }
    });
    Handle<String> early = other.register("early", "early", e -> {
      throw failure;
    });
    other.register("in order", "in order", e -> {
      throw failure;
    });
    assertThatThrownBy(early::close).isInstanceOf(CleanupException.class);
    assertThatThrownBy(other::close).isInstanceOf(CleanupException.class);
    assertThat(errors).containsExactly(failure, failure);
  }

  @Test
  void overdue_isToldBeforeTheInterrupt_withTheStack() throws Exception {
    openSlow(app, "obeys", FOREVER);
    log.clear();
    time.run(app::shutdown);
    assertThat(log)
        .containsExactly(
            "overdue app/obeys PT1S true",
            "closed app/obeys TIMED_OUT",
            "finished app clean false");
  }

  @Test
  void closed_isToldWhenACloserIsGivenUp_andAgainWhenItComesBack() throws Exception {
    openDeaf(app, "hung", seconds(60));
    log.clear();
    time.run(() -> {
      app.shutdown();
      time.sleep(seconds(60));
    });
    assertThat(log)
        .containsExactly(
            "overdue app/hung PT1S true",
            "closed app/hung HUNG",
            "finished app clean false",
            "hung",
            "closed app/hung LATE",
            "finished app clean false");
  }

  @Test
  void closed_isToldOfAStageThatIsGivenUp_andAgainWhenItCompletes() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    app.registerAsync("async", "a", a -> stage);
    log.clear();
    time.run(() -> {
      app.shutdown();
      stage.complete("at last");
    });
    assertThat(log)
        .containsExactly(
            "overdue app/async PT1S true",
            "closed app/async HUNG",
            "finished app clean false",
            "closed app/async LATE",
            "finished app clean false");
  }

  @Test
  void doubleClosed_isToldWithTheNumberOfSurplusCalls() {
    Handle<String> handle = quiet(app, "a");
    handle.close();
    log.clear();
    handle.close();
    handle.close();
    assertThat(log).containsExactly("doubleClosed app/a 1", "doubleClosed app/a 2");
  }

  @Test
  void doubleClosed_afterTheScopeClosed_isToldToo() {
    Handle<String> handle = quiet(app, "a");
    app.close();
    log.clear();
    handle.close();
    assertThat(log).containsExactly("doubleClosed app/a 1");
  }

  @Test
  void finished_isToldOfTheManagerAlone() {
    app.child("child").close();
    assertThat(log).noneMatch(line -> line.startsWith("finished"));
    app.close();
    app.close();
    assertThat(log).filteredOn(line -> line.startsWith("finished")).hasSize(1);
  }

  @Test
  void finished_hasBeenTold_whenCloseReturns() throws Exception {
    for (int i = 0; i < 200; i++) {
      List<String> told = new ArrayList<>();
      CleanupManager real = CleanupManager.builder("real")
          .listener(new CleanupListener() {
            @Override
            public void finished(CloseReport report) {
              told.add("finished");
            }
          })
          .build();
      real.close();
      assertThat(told).as("round %d", i).containsExactly("finished");
      assertThat(real.state()).as("round %d", i).isEqualTo(Scope.State.CLOSED);
    }
  }

  @Test
  void listenerThatTakesLongerThanTheClose_isNotInterrupted() throws Exception {
    CleanupManager other = told(new CleanupListener() {
      @Override
      public void closed(Entry entry) {
        try {
          time.sleep(seconds(10));
          log.add("told of " + entry.handle().name());
        } catch (InterruptedException e) {
          log.add("interrupted when told of " + entry.handle().name());
        }
      }
    });
    Scope child = other.child("child");
    open(child, "a");
    open(child, "b");
    time.run(() -> assertThat(child.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("b", "told of b", "a", "told of a", "told of child");
  }

  @Test
  void listenerThatThrows_stopsNothing() throws Exception {
    CleanupListener bad = new CleanupListener() {
      private RuntimeException failure(String where) {
        log.add(where);
        return new IllegalStateException("thrown by the listener's " + where);
      }

      @Override
      public void opened(HandleInfo handle) {
        throw failure("opened");
      }

      @Override
      public void closed(Entry entry) {
        throw failure("closed");
      }

      @Override
      public void overdue(HandleInfo handle, Duration running, List<StackTraceElement> stuckAt) {
        throw failure("overdue");
      }

      @Override
      public void suspect(HandleInfo handle, String reason) {
        throw failure("suspect");
      }

      @Override
      public void growing(HandleInfo newest, int live) {
        throw failure("growing");
      }

      @Override
      public void doubleClosed(HandleInfo handle, int calls) {
        throw failure("doubleClosed");
      }

      @Override
      public void finished(CloseReport report) {
        throw failure("finished");
      }
    };
    CleanupManager other = build(CleanupManager.builder("other").listener(bad).warnAbove(1));
    Handle<String> handle = quiet(other, "a").warnAfter(seconds(1));
    time.advance(seconds(2));
    handle.close();
    handle.close();
    openSlow(other, "slow", FOREVER).timeout(seconds(1));
    time.run(() -> {
      CloseReport report = other.shutdown();
      assertThat(report.complete()).isTrue();
    });
    assertThat(log)
        .containsExactly(
            "growing",
            "opened",
            "suspect",
            "closed",
            "doubleClosed",
            "growing",
            "opened",
            "overdue",
            "closed",
            "finished");
  }

  @Test
  void listenerThatThrowsAnError_stopsNothing() throws Exception {
    CleanupManager other = told(new CleanupListener() {
      @Override
      public void closed(Entry entry) {
        throw new StackOverflowError("thrown by the listener");
      }
    });
    open(other, "a");
    open(other, "b");
    time.run(() -> assertThat(other.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("b", "a");
  }

  @Test
  void listenerThatOpensAndClosesHandles_mayDoSo() {
    CleanupManager[] root = new CleanupManager[1];
    root[0] = told(new CleanupListener() {
      @Override
      public void opened(HandleInfo handle) {
        if (handle.name().equals("a")) {
          quiet(root[0], "by the listener").close();
        }
      }
    });
    quiet(root[0], "a");
    assertThat(names(root[0].handles())).containsExactly("a");
    assertThat(root[0].shutdown().clean()).isTrue();
  }
}
