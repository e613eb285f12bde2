package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of a call that runs on its caller's thread. */
class CallTest extends TimeoutTestCase {

  private final Scope session = app.child("session");

  private <T> T call(Duration limit, Callable<T> body) throws Exception {
    return Timeouts.call(session, "load", limit, body);
  }

  /** Runs on a thread of virtual time, whose flag must be clear before and after. */
  private void run(VirtualScheduler.Body body) throws Exception {
    time.run(() -> {
      body.run();
      assertThat(Thread.interrupted()).as("an interrupt left behind").isFalse();
    });
    assertThat(timeouts()).isEmpty();
  }

  // ---- in time

  @Test
  void call_bodyReturns_returnsItsValueAndLeavesNoTimer() throws Exception {
    assertThat(call(SECOND, () -> "value")).isEqualTo("value");
    assertThat(Timeouts.<Object>call(session, SECOND, () -> null)).isNull();
    assertThat(pending()).isZero();
  }

  @Test
  void call_bodyThrows_throwsTheSameAndLeavesNoTimer() {
    for (Throwable failure : List.of(new IOException("a"), new AssertionError("b"))) {
      assertThatThrownBy(() -> call(SECOND, () -> {
            if (failure instanceof Error error) {
              throw error;
            }
            throw (Exception) failure;
          }))
          .isSameAs(failure);
    }
    assertThat(pending()).isZero();
  }

  @Test
  void call_whileItRuns_isListed() throws Exception {
    run(() -> call(seconds(2), () -> {
      time.sleep(millis(500));
      assertThat(timeouts()).hasSize(1);
      assertThat(timeouts().get(0).path()).isEqualTo("app/session/load");
      assertThat(timeouts().get(0).details().toString()).isEqualTo("{limit=2 s, left=1.5 s}");
      return null;
    }));
  }

  @Test
  void call_manyThatEndEarly_leaveNoTimerAtOnce() throws Exception {
    for (int i = 0; i < 100_000; i++) {
      call(SECOND, () -> "value");
    }
    assertThat(pending()).isZero();
  }

  // ---- at the limit

  @Test
  void call_limitPasses_interruptsTheBodyAndThrows() throws Exception {
    run(() -> {
      assertThatThrownBy(() -> call(seconds(2), () -> {
            time.sleep(seconds(10));
            return "late";
          }))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("'app/session/load' was not done after 2 s; it was interrupted. "
              + "Raise the limit, or find out what it waits for.")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(time.elapsed()).isEqualTo(seconds(2));
    });
  }

  @Test
  void call_bodyWrapsTheInterruptAndSetsTheFlag_throwsTimeoutAndClearsTheFlag() throws Exception {
    run(() -> assertThatThrownBy(() -> call(SECOND, () -> {
          try {
            time.sleep(seconds(10));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
          }
          return "late";
        }))
        .isInstanceOf(TimeoutException.class)
        .hasCauseInstanceOf(IllegalStateException.class));
  }

  @Test
  void call_bodyIgnoresTheInterrupt_returnsItsValueLateAndClearsTheFlag() throws Exception {
    run(() -> {
      assertThat(call(SECOND, () -> {
            time.sleepUninterruptibly(seconds(3));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return "late";
          }))
          .isEqualTo("late");
      assertThat(time.elapsed()).isEqualTo(seconds(3));
    });
  }

  @Test
  void call_errorAfterTheInterrupt_isThrownAsItIs() throws Exception {
    AssertionError error = new AssertionError("broken");
    run(() -> assertThatThrownBy(() -> call(SECOND, () -> {
          time.sleepUninterruptibly(seconds(3));
          throw error;
        }))
        .isSameAs(error));
  }

  @Test
  void call_noTimeLeft_throwsAndDoesNotRunTheBody() {
    for (Duration none : List.of(Duration.ZERO, millis(-3))) {
      assertThatThrownBy(() -> call(none, () -> {
            throw new AssertionError("must not run");
          }))
          .isInstanceOf(TimeoutException.class)
          .hasMessageStartingWith("'app/session/load' was not started");
    }
  }

  @Test
  void call_limitTooLargeToCount_neverTimesOut() throws Exception {
    run(() -> call(FOREVER, () -> {
      time.sleep(Duration.ofDays(365 * 50));
      return null;
    }));
  }

  // ---- interrupts from elsewhere

  @Test
  void call_interruptedFromElsewhere_isTheBodysAffair() throws Exception {
    run(() -> {
      Thread self = Thread.currentThread();
      Thread other = time.startThread("other", () -> {
        time.sleepUninterruptibly(millis(500));
        self.interrupt();
      });
      assertThatThrownBy(() -> call(SECOND, () -> {
            time.sleep(seconds(10));
            return null;
          }))
          .isInstanceOf(InterruptedException.class);
      assertThat(time.elapsed()).isEqualTo(millis(500));
      assertThat(time.join(other, Long.MAX_VALUE)).isTrue();
    });
  }

  @Test
  void call_interruptedBefore_bodySeesItAndItStays() throws Exception {
    run(() -> {
      Thread.currentThread().interrupt();
      assertThat(call(SECOND, () -> Thread.currentThread().isInterrupted())).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    });
  }

  // ---- nested

  @Test
  void call_innerLimitPasses_outerGoesOn() throws Exception {
    run(() -> {
      String value = call(seconds(5), () -> {
        assertThatThrownBy(() -> call(SECOND, () -> {
              time.sleep(seconds(10));
              return null;
            }))
            .isInstanceOf(TimeoutException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        time.sleep(SECOND);
        return "value";
      });
      assertThat(value).isEqualTo("value");
    });
  }

  @Test
  void call_outerLimitPasses_innerIsInterruptedAndTheOuterTimesOut() throws Exception {
    run(() -> {
      assertThatThrownBy(() -> call(
              SECOND,
              () -> call(seconds(5), () -> {
                time.sleep(seconds(10));
                return null;
              })))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("after 1 s")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(time.elapsed()).isEqualTo(SECOND);
    });
  }

  @Test
  void call_bothLimitsPassInADeafInner_outersInterruptOutlivesTheInnersEnd() throws Exception {
    for (boolean outerFirst : new boolean[] {true, false}) {
      Duration outer = outerFirst ? millis(500) : SECOND;
      Duration inner = outerFirst ? SECOND : millis(500);
      run(() -> assertThatThrownBy(() -> call(outer, () -> {
            call(inner, () -> {
              time.sleepUninterruptibly(seconds(3));
              return null;
            });
            time.sleep(seconds(10)); // ends at once
            return null;
          }))
          .isInstanceOf(TimeoutException.class)
          .hasCauseInstanceOf(InterruptedException.class));
    }
    assertThat(time.elapsed()).isEqualTo(seconds(6));
  }

  // ---- by the owner

  @Test
  void call_ownerCloses_interruptsTheBodyAndThrows() throws Exception {
    run(() -> {
      Thread closer = time.startThread("closer", () -> {
        time.sleepUninterruptibly(millis(300));
        session.close();
      });
      assertThatThrownBy(() -> call(SECOND, () -> {
            time.sleep(seconds(10));
            return null;
          }))
          .isInstanceOf(ClosedScopeException.class)
          .hasMessageMatching("'app/session' is clos(ing|ed); 'load' was interrupted after 300 ms. "
              + "Let it end before close\\(\\), or give it an owner that lives longer.")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(time.join(closer, Long.MAX_VALUE)).isTrue();
    });
  }

  @Test
  void call_ownerIsClosed_throwsAndDoesNotRunTheBody() throws Exception {
    run(session::close);
    assertThatThrownBy(() -> call(SECOND, () -> {
          throw new AssertionError("must not run");
        }))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app/session' is closed; 'load' was not waited for.");
  }

  @Test
  void call_bodyClosesItsOwner_isNotInterruptedInTheClose() throws Exception {
    session.defer("slow", () -> time.sleep(millis(100)));
    run(() -> {
      CloseReport report = call(seconds(10), session::shutdown);
      assertThat(report.clean()).isTrue();
    });
  }

  @Test
  void call_bodyClosesTheRootOfItsOwner_isNotInterruptedInTheClose() throws Exception {
    CleanupManager other = CleanupManager.builder("other").timeSource(time).build();
    Scope child = other.child("child");
    child.defer("slow", () -> time.sleep(millis(100)));
    run(() -> {
      CloseReport report = Timeouts.call(child, seconds(10), other::shutdown);
      assertThat(report.clean()).isTrue();
      assertThat(other.state()).isEqualTo(Scope.State.CLOSED);
    });
  }

  @Test
  void call_inACloserOfItsOwner_hasItsLimit() throws Exception {
    session.defer(
        "flush",
        () -> assertThatThrownBy(() -> call(millis(200), () -> {
              time.sleep(seconds(10));
              return null;
            }))
            .isInstanceOf(TimeoutException.class));
    run(() -> assertThat(session.shutdown().clean()).isTrue());
    assertThat(time.elapsed()).isEqualTo(millis(200));
  }

  // ---- in real time

  @Test
  void call_inRealTime_endsAtItsLimitAndLeavesNoInterrupt() throws Exception {
    try (CleanupManager real = CleanupManager.create("real")) {
      CountDownLatch never = new CountDownLatch(1);
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(() -> Timeouts.call(real, millis(2), () -> {
              never.await();
              return null;
            }))
            .isInstanceOf(TimeoutException.class);
        assertThat(Thread.interrupted()).isFalse();
      }
    }
  }

  /** Bodies that end at about the moment at which their limit does. */
  @Test
  void call_inRealTimeThatEndsAtItsLimit_leavesNoInterrupt() throws Exception {
    try (CleanupManager real = CleanupManager.create("real")) {
      for (int i = 0; i < 3_000; i++) {
        long limit = 60_000 + i % 10 * 5_000;
        try {
          Timeouts.call(real, Duration.ofNanos(limit), () -> spin(70_000));
        } catch (TimeoutException late) {
          // how many there are depends on the machine
        }
        assertThat(Thread.interrupted()).isFalse();
      }
    }
  }

  private static Object spin(long nanos) throws InterruptedException {
    for (long begin = System.nanoTime(); System.nanoTime() - begin < nanos; ) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return "value";
  }

  /** None of them keeps its carrier: there are as few of those as there are cores. */
  @Test
  void call_on20000VirtualThreadsAtOnce_allRunAndAllAreInterruptedWhenTheOwnerCloses()
      throws Exception {
    assumeThat(Runtime.version().feature()).as("virtual threads").isGreaterThanOrEqualTo(21);
    int threads = 20_000;
    CleanupManager real = CleanupManager.create("real");
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(threads);
    AtomicInteger closed = new AtomicInteger();
    AtomicReference<Throwable> other = new AtomicReference<>();
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      started.add(startVirtual(() -> {
        try {
          Timeouts.call(real, Duration.ofMinutes(10), () -> {
            running.countDown();
            never.await();
            return null;
          });
        } catch (ClosedScopeException e) {
          closed.incrementAndGet();
        } catch (Throwable e) {
          other.set(e);
        }
      }));
    }
    running.await();
    assertThat(OwnerNode.of(real).timers().size()).isEqualTo(threads);
    real.close();
    for (Thread each : started) {
      each.join();
    }
    assertThat(other).hasValue(null);
    assertThat(closed).hasValue(threads);
    assertThat(OwnerNode.of(real).timers().size()).isZero();
  }

  @Test
  void call_onVirtualThreads_endsAtItsLimit() throws Exception {
    assumeThat(Runtime.version().feature()).as("virtual threads").isGreaterThanOrEqualTo(21);
    AtomicInteger timedOut = new AtomicInteger();
    try (CleanupManager real = CleanupManager.create("real")) {
      List<Thread> started = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        started.add(startVirtual(() -> {
          try {
            Timeouts.call(real, millis(20), () -> {
              new CountDownLatch(1).await();
              return null;
            });
          } catch (TimeoutException e) {
            timedOut.incrementAndGet();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }));
      }
      for (Thread each : started) {
        each.join();
      }
    }
    assertThat(timedOut).hasValue(200);
  }

  private static Thread startVirtual(Runnable body) throws ReflectiveOperationException {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
  }
}
