package com.acme.leaks;

import static com.acme.leaks.Probed.left;
import static com.acme.leaks.Probed.leftInTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ThreadLeaksTest {

  @Test
  void thread_stillWaiting_isNamedWithItsMakerAndWhereItWaits() throws Exception {
    Thread thread = new Thread(Probed::waitForever, "stuck");
    List<Leak> leaks = left(thread::start);
    Probed.end(thread);

    assertThat(leaks).hasSize(1);
    Leak leak = leaks.get(0);
    assertThat(leak.kind()).isEqualTo(LeakKind.THREAD);
    assertThat(leak.name()).isEqualTo("\"stuck\"");
    assertThat(leak.frames().get(0).getClassName()).startsWith("com.acme.leaks.");
    assertThat(leak.openedAt()).contains(ThreadLeaksTest.class.getName());
    assertThat(leak.thread()).isEqualTo(Thread.currentThread().getName());
  }

  @Test
  void thread_neverStarted_isNoLeak() throws Exception {
    assertThat(left(() -> new Thread(Probed::waitForever, "unborn"))).isEmpty();
  }

  @Test
  void thread_thatEndsWithinTheGrace_isNoLeak() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Thread thread = new Thread(() -> await(go), "brief");
    assertThat(leftInTheEnd(() -> {
          thread.start();
          go.countDown();
        }))
        .isEmpty();
  }

  @Test
  void thread_startedByAThreadOfTheProbe_belongsToIt() throws Exception {
    AtomicReference<Thread> grandchild = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      Thread child = new Thread(
          () -> {
            Thread inner = new Thread(Probed::waitForever, "grandchild");
            inner.start();
            grandchild.set(inner);
          },
          "child");
      child.start();
      child.join();
    });
    Probed.end(grandchild.get());

    assertThat(leaks).extracting(Leak::name).containsExactly("\"grandchild\"");
    assertThat(leaks.get(0).thread()).isEqualTo("child, started by this test");
  }

  @Test
  void thread_startedByAnotherThreadMeanwhile_isNotTheProbes() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Thread> stray = new AtomicReference<>();
    Thread other = new Thread(() -> {
      await(go);
      Thread thread = new Thread(Probed::waitForever, "stray");
      thread.start();
      stray.set(thread);
    });
    other.start();
    List<Leak> leaks = left(() -> {
      go.countDown();
      other.join();
    });
    Probed.end(stray.get());

    assertThat(leaks).isEmpty();
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThread_stillWaiting_isFound() throws Exception {
    AtomicReference<Thread> thread = new AtomicReference<>();
    List<Leak> leaks = left(() -> thread.set((Thread)
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable)
            Probed::waitForever)));
    Probed.end(thread.get());

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.VIRTUAL_THREAD);
  }

  @Test
  void timer_neverCancelled_holdsItsThreadAndTasks() throws Exception {
    AtomicReference<Timer> timer = new AtomicReference<>();
    List<Leak> leaks = left(() -> {
      timer.set(new Timer("tick", true));
      timer.get().schedule(task(), 60_000, 5_000);
    });
    timer.get().cancel();

    assertThat(leaks).extracting(Leak::toString).containsExactly("TIMER \"tick\", never cancelled");
    assertThat(leaks.get(0).holds())
        .anyMatch(held -> held.startsWith("thread tick"))
        .contains("task every 5 s");
  }

  @Test
  void timer_cancelled_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(() -> {
          Timer timer = new Timer("tick", true);
          timer.schedule(task(), 60_000);
          timer.cancel();
        }))
        .isEmpty();
  }

  @Test
  void timerTask_onASharedTimer_isTheProbesUntilItIsCancelled() throws Exception {
    Timer shared = new Timer("shared", true);
    TimerTask cancelled = task();
    List<Leak> leaks = left(() -> {
      shared.schedule(task(), 60_000);
      shared.schedule(cancelled, 60_000);
      cancelled.cancel();
    });
    shared.cancel();

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.TIMER_TASK);
  }

  @Test
  void thread_startedByAClassInitializer_isInformationOnly() throws Exception {
    assertThat(left(() -> assertThat(Eager.THREAD.isAlive()).isTrue())).isEmpty();
    Probed.end(Eager.THREAD);
  }

  private static final class Eager {
    static final Thread THREAD = new Thread(Probed::waitForever, "eager");

    static {
      THREAD.start();
    }
  }

  private static TimerTask task() {
    return new TimerTask() {
      @Override
      public void run() {}
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
