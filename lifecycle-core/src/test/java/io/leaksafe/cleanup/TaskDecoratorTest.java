package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.retry.Retry;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.share.SharedResource;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What passes through the decorator, on which thread that is called, and what becomes of a task when it fails. */
class TaskDecoratorTest extends CleanupTestCase {

  private static final ThreadLocal<String> CONTEXT = new ThreadLocal<>();

  private final AtomicInteger decorated = new AtomicInteger();

  /** Runs each task in the context of whoever gave it, as a tracer would. */
  private UnaryOperator<Runnable> carrying() {
    return task -> {
      decorated.incrementAndGet();
      String given = CONTEXT.get();
      return () -> {
        String before = CONTEXT.get();
        CONTEXT.set(given);
        try {
          task.run();
        } finally {
          CONTEXT.set(before);
        }
      };
    };
  }

  private CleanupManager managerWith(UnaryOperator<Runnable> decorator) {
    return build(CleanupManager.builder("app").taskDecorator(decorator));
  }

  private <T> T in(String context, Callable<T> body) throws Exception {
    CONTEXT.set(context);
    try {
      return body.call();
    } finally {
      CONTEXT.remove();
    }
  }

  private void logContext(String what) {
    log.add(what + " in " + CONTEXT.get());
  }

  // ---- what passes through it

  @Test
  void closers_ofEveryForm_runInTheContextOfTheirOpener() throws Exception {
    CleanupManager app = managerWith(carrying());
    in("request-1", () -> {
      app.own("owned", () -> logContext("owned"));
      app.register("registered", "r", resource -> logContext("registered"));
      app.registerAsync("async", "a", resource -> {
        logContext("async");
        return CompletableFuture.completedFuture(null);
      });
      app.open("opened", () -> "o", resource -> logContext("opened"));
      app.defer("deferred", () -> logContext("deferred"));
      return app.subscribe(listener -> {}, listener -> logContext("removed"), "listener");
    });

    time.run(app::shutdown);

    assertThat(log)
        .containsExactly(
            "removed in request-1",
            "deferred in request-1",
            "opened in request-1",
            "async in request-1",
            "registered in request-1",
            "owned in request-1");
    assertThat(decorated).hasValue(6);
  }

  @Test
  void earlyClose_onAThreadWithAContextOfItsOwn_leavesThatAsItWas() throws Exception {
    CleanupManager app = managerWith(carrying());
    Handle<String> handle =
        in("request-1", () -> app.register("r", "r", resource -> logContext("closed")));

    in("request-2", () -> {
      handle.close();
      logContext("after");
      return null;
    });

    assertThat(log).containsExactly("closed in request-1", "after in request-2");
  }

  @Test
  void timers_periodicAndOnce_areDecoratedOnceAndRunInTheirGiversContext() throws Exception {
    CleanupManager app = managerWith(carrying());
    ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    Action once = () -> logContext("once");
    Handle<Action> handle = in("request-1", () -> {
      timers.every("beat", seconds(1), () -> logContext("beat"));
      return timers.after(seconds(3), once);
    });

    assertThat(handle.get()).isSameAs(once);
    time.advance(millis(3_500));

    assertThat(log).hasSize(4).containsOnly("beat in request-1", "once in request-1");
    assertThat(decorated).hasValue(2);
  }

  @Test
  void executorTasks_submittedAndScheduled_runInTheirGiversContext() throws Exception {
    CleanupManager app = managerWith(carrying());
    ScheduledExecutorService executor =
        ManagedScheduler.in(app, "timers").asScheduledExecutorService();
    Future<String> result = in("request-1", () -> {
      executor.execute(() -> logContext("executed"));
      return executor.submit(CONTEXT::get);
    });
    time.advance(millis(1));

    assertThat(result.get()).isEqualTo("request-1");
    assertThat(log).containsExactly("executed in request-1");
  }

  @Test
  void attempts_ofARunThatGoesOnByItself_runInItsStartersContext() throws Exception {
    CleanupManager app = managerWith(carrying());
    CompletableFuture<String> result = in(
        "request-1",
        () -> Retry.attempts(2).backoff(seconds(1), seconds(1)).run(app, () -> {
          logContext("attempt");
          return log.size() == 1
              ? CompletableFuture.failedFuture(new IOException("first"))
              : CompletableFuture.completedFuture("done");
        }));
    time.advance(seconds(5));

    assertThat(result.get()).isEqualTo("done");
    assertThat(log).containsExactly("attempt in request-1", "attempt in request-1");
  }

  @Test
  void removalListener_ofAnEntryThatExpired_passesThroughIt() {
    CleanupManager app = managerWith(carrying());
    BoundedMap<String, String> map = BoundedMap.<String, String>in(app, "map")
        .maximumSize(10)
        .expireAfterWrite(seconds(1))
        .onRemoval((key, value, cause) -> log.add(key + " " + cause))
        .build();
    map.put("k", "v");
    time.advance(seconds(2));

    assertThat(log).containsExactly("k EXPIRED");
    assertThat(decorated).hasValue(1);
  }

  @Test
  void closers_ofSharesAndLeasedMaps_runInTheContextOfWhoGaveWhatTheyClose() throws Exception {
    CleanupManager app = managerWith(carrying());
    SharedResource<String> shared = in(
        "start",
        () -> SharedResource.in(app, "shared", () -> "s", value -> logContext("shared closed")));
    shared.linger(seconds(1));
    LeasedMap<String, String> map = BoundedMap.<String, String>in(app, "map")
        .maximumSize(1)
        .buildLeased(value -> logContext(value + " closed"));
    in("request-1", () -> {
      map.put("a", "a");
      return null;
    });
    shared.acquire(app).close();
    map.put("b", "b");
    time.advance(seconds(2));

    assertThat(log).containsExactly("a closed in request-1", "shared closed in start");
  }

  // ---- when it fails

  @Test
  void decorator_thatThrows_isReportedAndLosesNoTask() throws Exception {
    CleanupManager app = managerWith(task -> {
      throw new IllegalArgumentException("no context");
    });
    ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    open(app, "resource");
    timers.every("beat", seconds(1), () -> log.add("beat"));
    time.advance(seconds(2));

    CloseReport report = time.call(app::shutdown);

    assertThat(report.clean()).isTrue();
    assertThat(log).containsExactly("beat", "beat", "resource");
  }

  @Test
  void decorator_thatReturnsNull_losesNoTask() throws Exception {
    CleanupManager app = managerWith(task -> null);
    open(app, "resource").close();

    assertThat(log).containsExactly("resource");
  }

  @Test
  void decorated_thatDoesNotRunTheTask_losesNoTask() throws Exception {
    CleanupManager app = managerWith(task -> () -> log.add("forgot"));
    open(app, "resource").close();

    assertThat(log).containsExactly("forgot", "resource");
  }

  @Test
  void decorated_thatThrowsBeforeTheTask_losesNoTask() throws Exception {
    CleanupManager app = managerWith(task -> () -> {
      throw new IllegalStateException("no context");
    });
    open(app, "resource").close();

    assertThat(log).containsExactly("resource");
  }

  @Test
  void decorated_thatThrowsAfterTheTask_doesNotMakeTheTaskFail() throws Exception {
    CleanupManager app = managerWith(task -> () -> {
      task.run();
      throw new IllegalStateException("no way back");
    });
    open(app, "resource");

    CloseReport report = time.call(app::shutdown);

    assertThat(outcomeOf(report, "resource")).isEqualTo(Outcome.CLOSED);
    assertThat(log).containsExactly("resource");
  }

  @Test
  void decorated_thatRunsTheTaskTwice_isRefusedTheSecondTime() throws Exception {
    CleanupManager app = managerWith(task -> () -> {
      task.run();
      assertThatThrownBy(task::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "The task decorator ran 'app/resource' a second time. Run it once, on the thread on which what "
                  + "was made of it runs.");
    });
    open(app, "resource").close();

    assertThat(log).containsExactly("resource");
  }

  @Test
  void decorated_thatRunsTheTaskOnAnotherThread_isRefusedAndLosesNoTask() throws Exception {
    VirtualScheduler clock = time;
    CleanupManager app = managerWith(task -> () -> {
      Thread other = clock.startThread(
          "other",
          () -> assertThatThrownBy(task::run)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("ran 'app/resource' outside its turn"));
      clock.join(other, Long.MAX_VALUE);
      log.add("came back");
    });
    open(app, "resource").close();

    assertThat(log).containsExactly("came back", "resource");
  }

  @Test
  void failureOfATask_passesThroughTheDecoratorAsItIs() throws Exception {
    IOException failure = new IOException("refused");
    CleanupManager app = managerWith(task -> () -> {
      try {
        task.run();
      } catch (Throwable seen) {
        log.add("seen " + seen.getMessage());
        throw seen;
      }
    });
    app.register("resource", "r", resource -> {
      throw failure;
    });

    CloseReport report = time.call(app::shutdown);

    assertThat(entryOf(report, "resource").error()).isSameAs(failure);
    assertThat(log).containsExactly("seen refused");
  }

  @Test
  void failureOfATask_thatTheDecoratorSwallows_isStillTheTasks() throws Exception {
    IOException failure = new IOException("refused");
    CleanupManager app = managerWith(task -> () -> {
      try {
        task.run();
      } catch (Throwable swallowed) {
        throw new IllegalStateException("something else");
      }
    });
    app.register("resource", "r", resource -> {
      throw failure;
    });

    CloseReport report = time.call(app::shutdown);

    assertThat(entryOf(report, "resource").error()).isSameAs(failure);
    assertThat(failure.getSuppressed())
        .singleElement()
        .hasToString("java.lang.IllegalStateException: something else");
  }

  @Test
  void closerThatHangs_behindADecorator_isInterruptedAndShownWithoutOurFrames() throws Exception {
    CleanupManager app = managerWith(carrying());
    openSlow(app, "slow", seconds(60));

    CloseReport report = time.call(app::shutdown);

    assertThat(outcomeOf(report, "slow")).isEqualTo(Outcome.TIMED_OUT);
    assertThat(entryOf(report, "slow").stuckAt())
        .noneMatch(frame -> frame.getClassName().contains("Decorated"));
  }

  @Test
  void asyncCloser_behindADecorator_waitsForItsStage() throws Exception {
    CleanupManager app = managerWith(carrying());
    CompletableFuture<Void> stage = new CompletableFuture<>();
    app.registerAsync("async", "a", resource -> stage);
    start("completer", () -> {
      time.sleep(seconds(1));
      stage.complete(null);
    });

    assertThat(timed(() -> time.run(app::shutdown))).isEqualTo(seconds(1));
    assertThat(app.report().clean()).isTrue();
  }
}
