package com.acme.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakProbe;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LedgerHoldsNothingTest {

  /** Big enough to be told from the rest. */
  private static final class Payload {
    final byte[] bytes = new byte[1_024];
  }

  @Test
  void ledger_whileAProbeRuns_keepsNoThreadNorWhatItHolds() throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      collect(ofAnEndedThread());
      assertThat(probe.leaks()).isEmpty();
    }
  }

  @Test
  void ledger_afterTheVerdict_keepsNoTaskThatLeaked() throws Exception {
    ExecutorService shared = Executors.newScheduledThreadPool(1);
    collect(ofALeakedTask(shared));
    shared.shutdownNow();
  }

  private static WeakReference<Payload> ofAnEndedThread() throws InterruptedException {
    Payload payload = new Payload();
    Thread thread = new Thread(() -> assertThat(payload.bytes).hasSize(1_024));
    thread.start();
    thread.join();
    return new WeakReference<>(payload);
  }

  private static WeakReference<Payload> ofALeakedTask(ExecutorService shared) throws Exception {
    Payload payload = new Payload();
    Thread[] running = new Thread[1];
    List<Leak> leaks = Probed.left(() -> {
      running[0] = new Thread(() -> {
        Probed.waitForever();
        assertThat(payload.bytes).hasSize(1_024);
      });
      running[0].start();
      shared.submit(() -> {}).get();
    });
    assertThat(leaks).isNotEmpty();
    Probed.end(running[0]);
    return new WeakReference<>(payload);
  }

  private static void collect(WeakReference<?> reference) {
    while (!reference.refersTo(null)) {
      System.gc();
      Thread.onSpinWait();
    }
  }
}
