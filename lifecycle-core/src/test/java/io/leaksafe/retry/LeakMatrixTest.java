package io.leaksafe.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.timeout.SharedStage;
import io.leaksafe.timeout.Timeouts;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to end of everything that has a limit: no timer is left, the source is cancelled where it lost, and neither result,
 * body nor value is held by anything that outlives them. In real time, and alone in the JVM while it measures the heap.
 */
@Isolated
class LeakMatrixTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final int CALLERS = 100_000;

  /** What waits for a stage. */
  private enum Waiter {
    WITHIN {
      @Override
      CompletableFuture<Object> start(
          Scope owner, Duration limit, CompletableFuture<Object> source, Object closure) {
        return Timeouts.within(owner, limit, () -> touch(closure, source));
      }
    },
    SHARED {
      @Override
      CompletableFuture<Object> start(
          Scope owner, Duration limit, CompletableFuture<Object> source, Object closure) {
        SharedStage<Object> shared = Timeouts.shared(source);
        CompletableFuture<Object> result = shared.within(owner, limit);
        result.whenComplete((value, failure) -> touch(closure, source));
        return result;
      }
    },
    RETRY {
      @Override
      CompletableFuture<Object> start(
          Scope owner, Duration limit, CompletableFuture<Object> source, Object closure) {
        return Retry.attempts(3).within(limit).run(owner, () -> touch(closure, source));
      }
    },
    RETRY_IN_A_WAIT {
      @Override
      CompletableFuture<Object> start(
          Scope owner, Duration limit, CompletableFuture<Object> source, Object closure) {
        return Retry.attempts(3)
            .backoff(LONG, LONG)
            .within(limit.multipliedBy(3))
            .run(owner, () -> {
              touch(closure, source);
              return CompletableFuture.failedFuture(new IOException("reset"));
            });
      }
    };

    abstract CompletableFuture<Object> start(
        Scope owner, Duration limit, CompletableFuture<Object> source, Object closure);

    static <T> T touch(Object closure, T value) {
      assertThat(closure).isNotNull();
      return value;
    }
  }

  /** How it ends. */
  private enum Exit {
    VALUE,
    NULL,
    FAILURE,
    SOURCE_CANCELLED,
    RESULT_CANCELLED,
    RESULT_COMPLETED,
    DERIVED_CANCELLED,
    TIMED_OUT,
    OWNER_CLOSES,
    OWNER_CLOSED_BEFORE;

    boolean bySource() {
      return compareTo(SOURCE_CANCELLED) <= 0;
    }
  }

  static List<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (Waiter waiter : Waiter.values()) {
      for (Exit exit : Exit.values()) {
        boolean possible = waiter != Waiter.RETRY_IN_A_WAIT
            || !exit.bySource()
                && exit != Exit.TIMED_OUT; // a wait longer than what is left is not begun
        if (possible) {
          all.add(Arguments.of(waiter, exit));
        }
      }
    }
    return all;
  }

  private final CleanupManager app = CleanupManager.create("app");
  private final Scope session = app.child("session");

  @AfterEach
  void close() {
    app.close();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void end_ofAnyKind_leavesNothing(Waiter waiter, Exit exit) throws Exception {
    CompletableFuture<Object> source = new CompletableFuture<>();
    List<CompletableFuture<?>> derived = new ArrayList<>();
    List<WeakReference<?>> gone = run(waiter, exit, source, derived);

    assertThat(pendingTimers()).as("pending timers").isZero();
    assertThat(source.isCancelled())
        .as("source cancelled")
        .isEqualTo(exit == Exit.SOURCE_CANCELLED
            || !exit.bySource()
                && exit != Exit.OWNER_CLOSED_BEFORE
                && (waiter == Waiter.WITHIN || waiter == Waiter.RETRY));
    if (exit.bySource()) {
      source = new CompletableFuture<>(); // it holds its value by right
    }
    for (WeakReference<?> each : gone) {
      assertCollected(each);
    }
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(derived);
  }

  /** In a frame of its own, which holds nothing afterwards. Returns what has to be collected. */
  private List<WeakReference<?>> run(
      Waiter waiter,
      Exit exit,
      CompletableFuture<Object> source,
      List<CompletableFuture<?>> derived)
      throws Exception {
    Object closure = new byte[1_000];
    Object value = new byte[1_000];
    if (exit == Exit.OWNER_CLOSED_BEFORE) {
      session.close();
    }
    Duration limit = exit == Exit.TIMED_OUT ? Duration.ofMillis(20) : LONG;
    CompletableFuture<Object> result = waiter.start(session, limit, source, closure);
    CompletableFuture<String> dependent = result.thenApply(Object::toString);
    derived.add(result.handle((v, e) -> "ended")); // the user keeps it, for ever
    switch (exit) {
      case VALUE -> source.complete(value);
      case NULL -> source.complete(null);
      case FAILURE -> source.completeExceptionally(new AssertionError("broken"));
      case SOURCE_CANCELLED -> source.cancel(true);
      case RESULT_CANCELLED -> result.cancel(true);
      case RESULT_COMPLETED -> result.complete(value);
      case DERIVED_CANCELLED -> dependent.cancel(true);
      case OWNER_CLOSES -> session.close();
      default -> {} // by itself
    }
    try {
      assertThat(result.get(30, TimeUnit.SECONDS)).isIn(value, null);
    } catch (Exception end) {
      assertThat(exit).isNotIn(Exit.VALUE, Exit.NULL, Exit.RESULT_COMPLETED);
    }
    awaitTheEndOf(source, exit);
    return List.of(
        new WeakReference<>(result), new WeakReference<>(closure), new WeakReference<>(value));
  }

  /** How many timers are left once the thread that ended the result has had time to take the rest away. */
  @SuppressWarnings("ThreadPriorityCheck") // it yields to that thread
  private int pendingTimers() {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    int pending = OwnerNode.of(session).timers().size();
    while (pending > 0 && System.nanoTime() - end < 0) {
      Thread.yield();
      pending = OwnerNode.of(session).timers().size();
    }
    return pending;
  }

  /** The source is cancelled right after the result has ended, on the same thread. */
  private static void awaitTheEndOf(CompletableFuture<Object> source, Exit exit) throws Exception {
    if (exit == Exit.TIMED_OUT || exit == Exit.OWNER_CLOSES) {
      try {
        source.get(200, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | CancellationException end) {
        // whether it has been cancelled is for the test to say
      }
    }
  }

  /** Fails unless it is collected once something else that nobody holds has been. */
  private static void assertCollected(WeakReference<?> reference) {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    for (int i = 0; i < 50 && (canary.get() != null || reference.get() != null); i++) {
      System.gc();
    }
    assertThat(canary.get()).as("canary: nothing is collected here").isNull();
    assertThat(reference.get()).isNull();
  }

  // ---- bodies that begin nothing

  @ParameterizedTest
  @EnumSource(names = {"WITHIN", "RETRY"})
  void body_throwsOrReturnsNull_leavesNothing(Waiter waiter) {
    for (int i = 0; i < 2; i++) {
      int which = i;
      Object[] closure = {new byte[1_000]};
      WeakReference<Object> gone = new WeakReference<>(closure[0]);
      CompletableFuture<Object> result = failing(waiter, which, closure[0]);
      closure[0] = null;
      assertThat(result).isCompletedExceptionally();
      assertThat(OwnerNode.of(session).timers().size()).isZero();
      assertCollected(gone);
    }
  }

  private CompletableFuture<Object> failing(Waiter waiter, int which, Object closure) {
    Callable<CompletableFuture<Object>> body = () -> {
      if (Waiter.touch(closure, which) == 0) {
        throw new AssertionError("broken");
      }
      return null;
    };
    return waiter == Waiter.WITHIN
        ? Timeouts.within(session, LONG, () -> unchecked(body))
        : Retry.attempts(1).run(session, () -> unchecked(body));
  }

  private static <T> T unchecked(Callable<T> body) {
    try {
      return body.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- on the caller's thread

  private enum CallExit {
    VALUE,
    NULL,
    FAILURE,
    TIMED_OUT,
    OWNER_CLOSES,
    OWNER_CLOSED_BEFORE
  }

  static List<Arguments> calls() {
    List<Arguments> all = new ArrayList<>();
    for (boolean retried : new boolean[] {false, true}) {
      for (CallExit exit : CallExit.values()) {
        all.add(Arguments.of(retried, exit));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("calls")
  void call_endOfAnyKind_leavesNothing(boolean retried, CallExit exit) throws Exception {
    Object[] closure = {new byte[1_000]};
    WeakReference<Object> gone = new WeakReference<>(closure[0]);
    Thread closer = new Thread(session::close);
    WeakReference<Object> value = new WeakReference<>(call(retried, exit, closure[0], closer));
    closure[0] = null;
    if (exit == CallExit.OWNER_CLOSES) {
      closer.join();
    }
    assertThat(OwnerNode.of(session).timers().size()).as("pending timers").isZero();
    assertThat(Thread.interrupted()).as("interrupt left behind").isFalse();
    assertCollected(gone);
    assertCollected(value);
  }

  private Object call(boolean retried, CallExit exit, Object closure, Thread closer)
      throws Exception {
    Callable<Object> body = () -> {
      Waiter.touch(closure, exit);
      if (exit == CallExit.FAILURE) {
        throw new IOException("reset");
      }
      if (exit == CallExit.OWNER_CLOSES) {
        closer.start();
      }
      if (exit == CallExit.OWNER_CLOSES || exit == CallExit.TIMED_OUT) {
        new CountDownLatch(1).await();
      }
      return exit == CallExit.VALUE ? new byte[1_000] : null;
    };
    if (exit == CallExit.OWNER_CLOSED_BEFORE) {
      session.close();
    }
    Duration limit = exit == CallExit.TIMED_OUT ? Duration.ofMillis(20) : LONG;
    try {
      Object value = retried
          ? Retry.attempts(2)
              .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
              .eachWithin(limit)
              .call(session, body)
          : Timeouts.call(session, limit, body);
      assertThat(exit).isIn(CallExit.VALUE, CallExit.NULL);
      return value == null ? new Object() : value;
    } catch (IOException | TimeoutException | ClosedScopeException end) {
      assertThat(exit).isNotIn(CallExit.VALUE, CallExit.NULL);
      return new Object();
    }
  }

  // ---- many who gave up on a source that never completes

  private static long usedAfterGc() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Of three rounds, the one in which the rest of the JVM kept least. */
  private static long leastGrowth(Runnable round) {
    long least = Long.MAX_VALUE;
    long before = usedAfterGc();
    for (int i = 0; i < 3; i++) {
      round.run();
      long after = usedAfterGc();
      least = Math.min(least, after - before);
      before = after;
    }
    return least;
  }

  /** The other ends are as those of the matrix; here one by one, so that none is kept by chance. */
  private void giveUp(CompletableFuture<Object> result, int i) {
    if (i % 2 == 0) {
      result.cancel(true);
    } else {
      result.thenApply(Object::hashCode).cancel(true);
    }
  }

  @Test
  void within_100000GaveUpOnAStageThatCannotBeCancelled_keepsAtMost80BytesEach() {
    CompletableFuture<Object> source = new CompletableFuture<>() {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
      }
    };
    long growth = leastGrowth(() -> {
      for (int i = 0; i < CALLERS; i++) {
        giveUp(Timeouts.within(session, LONG, () -> source), i);
      }
    });
    assertThat(growth / (double) CALLERS).isLessThan(82); // the next larger shell would have 88
    Reference.reachabilityFence(source);
  }

  @Test
  void shared_100000GaveUp_keepsAtMost64KiB() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    SharedStage<Object> shared = Timeouts.shared(source);
    long growth = leastGrowth(() -> {
      for (int i = 0; i < CALLERS; i++) {
        giveUp(shared.within(session, LONG), i);
      }
    });
    assertThat(growth).isLessThanOrEqualTo(64 << 10);
    assertThat(shared.waiting()).isZero();
    assertThat(source.getNumberOfDependents()).isEqualTo(1);
    Reference.reachabilityFence(source);
  }

  @Test
  void shared_100000GaveUpTogether_keepsAtMost64KiB() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    SharedStage<Object> shared = Timeouts.shared(source);
    assertThat(leastGrowth(() -> allGiveUp(shared))).isLessThanOrEqualTo(64 << 10);
    assertThat(shared.waiting()).isZero();
    Reference.reachabilityFence(source);
  }

  private void allGiveUp(SharedStage<Object> shared) {
    List<CompletableFuture<Object>> all = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      all.add(shared.within(session, LONG));
    }
    assertThat(shared.waiting()).isEqualTo(CALLERS);
    for (int i = 0; i < CALLERS; i++) {
      giveUp(all.get(i), i);
    }
    // Counting settles what one stripe of the wheels has to tell another; until then that keeps its
    // room for 65,536 timers.
    assertThat(OwnerNode.of(session).timers().size()).isZero();
  }
}
