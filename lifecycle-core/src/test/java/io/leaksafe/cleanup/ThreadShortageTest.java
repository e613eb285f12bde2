package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A machine that has no thread to give: everything closes all the same, if need be unwatched. */
class ThreadShortageTest extends CleanupTestCase {

  private static final Duration FOREVER = Duration.ofHours(10);

  private final AtomicInteger threadsLeft = new AtomicInteger();

  /** Virtual time whose threads run out. */
  private record Scarce(VirtualScheduler time, AtomicInteger left) implements TimeSource {
    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public Instant instant() {
      return time.instant();
    }

    @Override
    public void park(Object blocker, long nanos) {
      time.park(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
      time.unpark(thread);
    }

    @Override
    public Thread startThread(String name, Runnable body) {
      if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
        throw new OutOfMemoryError("unable to create native thread, says the test");
      }
      return time.startThread(name, body);
    }

    @Override
    public boolean join(Thread thread, long nanos) {
      return time.join(thread, nanos);
    }
  }

  private CleanupManager scarce(CleanupManager.Builder builder) {
    return builder.timeSource(new Scarce(time, threadsLeft)).build();
  }

  private final CleanupManager app = scarce(CleanupManager.builder("app"));

  @Test
  void closeOfTheRoot_withoutARunner_closesOnTheCallersThread() throws Exception {
    open(app, "a");
    Scope child = app.child("child");
    openSlow(child, "b", seconds(1));
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(names(report)).containsExactly("b", "child", "a");
    });
    assertThat(log).containsExactly("b", "a");
    assertThat(app.state()).isEqualTo(Scope.State.CLOSED);
  }

  @Test
  void closeOfAChild_withoutAWatchdog_closesUnwatched() throws Exception {
    Scope child = app.child("child");
    open(child, "a");
    openSlow(child, "b", seconds(60)).timeout(seconds(1));
    time.run(() -> assertThat(child.shutdown().clean()).isTrue());
    assertThat(log).containsExactly("b", "a");
  }

  @Test
  void closeOfAChild_afterOneWithoutAWatchdog_isWatchedAgain() throws Exception {
    Scope first = app.child("first");
    open(first, "a");
    Scope second = app.child("second");
    openSlow(second, "b", FOREVER).timeout(seconds(1));
    time.run(() -> {
      assertThat(first.shutdown().clean()).isTrue();
      threadsLeft.set(10);
      assertThat(outcomeOf(second.shutdown(), "b")).isEqualTo(Outcome.TIMED_OUT);
      app.close();
    });
  }

  @Test
  void closeOfAHandleWithATimeout_withoutAWatchdog_closesUnwatched() throws Exception {
    Handle<String> handle = openSlow(app, "a", seconds(60)).timeout(seconds(1));
    time.run(handle::close);
    assertThat(log).containsExactly("a");
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void closeOfAGroup_withoutHelpers_closesOneAfterTheOther() throws Exception {
    Scope group = app.group("group", 4);
    for (int i = 0; i < 8; i++) {
      openSlow(group.child("c" + i), "r" + i, millis(10));
    }
    threadsLeft.set(2);
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.clean()).isTrue();
      assertThat(report.took()).isEqualTo(millis(40));
    });
    assertThat(log).hasSize(8);
  }

  @Test
  void hungCloser_withoutAFreshRunner_leavesTheRestToWhoWatches() throws Exception {
    open(app, "next");
    openDeaf(app, "hung", seconds(60));
    threadsLeft.set(1);
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(outcomeOf(report, "hung")).isEqualTo(Outcome.HUNG);
      assertThat(outcomeOf(report, "next")).isEqualTo(Outcome.CLOSED);
    });
    assertThat(log).containsExactly("next");
    time.advance(seconds(60));
    assertThat(app.report().complete()).isTrue();
  }

  @Test
  void interruptedCaller_withoutAThreadToLookAfterTheRest_getsItsReport() throws Exception {
    openSlow(app, "slow", seconds(1));
    threadsLeft.set(1);
    Throwable[] thrown = new Throwable[1];
    time.run(() -> {
      Thread caller = start("caller", () -> {
        thrown[0] = catchThrowable(() -> log.add("complete " + app.shutdown().complete()));
        log.add("interrupted " + Thread.currentThread().isInterrupted());
      });
      time.sleep(millis(100));
      caller.interrupt();
      join(caller);
      time.sleep(seconds(10));
    });
    assertThat(thrown[0]).isNull();
    assertThat(log).containsExactly("complete false", "interrupted true", "slow");
    assertThat(app.state()).isEqualTo(Scope.State.CLOSED);
  }

  @Test
  void register_withAnAgeLimitAndNoThreadToWatchIt_isRegisteredAllTheSame() throws Exception {
    CleanupManager watched = scarce(CleanupManager.builder("watched").warnAfter(seconds(1)));
    Handle<?>[] handle = new Handle<?>[1];
    Throwable thrown = catchThrowable(() -> handle[0] = open(watched, "a"));
    assertThat(thrown == null).isEqualTo(names(watched.handles()).contains("a"));
    assertThat(thrown).isNull();
    assertThat(watched.check()).isEmpty();
    threadsLeft.set(10);
    time.run(watched::close);
  }

  @Test
  void warnAfter_withNoThreadToWatchIt_leavesTheHandleAsItWas() throws Exception {
    Handle<String> handle = open(app, "a");
    Throwable thrown = catchThrowable(() -> handle.warnAfter(seconds(1)));
    assertThat(thrown == null || thrown instanceof OutOfMemoryError).isTrue();
    assertThat(handle.get()).isEqualTo("a");
    time.advance(seconds(2));
    threadsLeft.set(10);
    if (thrown == null) {
      assertThat(names(app.check())).containsExactly("a");
    }
    time.run(app::close);
    assertThat(log).containsExactly("a");
  }
}
