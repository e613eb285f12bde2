package io.leaksafe.examples.docs;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.buffer.BoundedBuffer;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Priority;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How to keep the last of something, and how to queue with a bound. */
class BuffersTest {

  @Test
  void keepLast_aHistory_forgetsTheOldest() {
    // region history
    BoundedBuffer<String> history = BoundedBuffer.keepLast(50);
    // endregion
    for (int i = 0; i < 80; i++) {
      history.offer("call " + i);
    }
    // region snapshot
    List<String> latest = history.snapshot(); // oldest first
    long forgotten = history.dropped();
    // endregion
    assertThat(latest).hasSize(50).endsWith("call 79");
    assertThat(forgotten).isEqualTo(30);
  }

  @Test
  void keepLast_audio_staysWithinItsBytes() {
    // region audio
    BoundedBuffer<byte[]> audio = BoundedBuffer.keepLast(64_000, chunk -> chunk.length);
    // endregion
    for (int i = 0; i < 1_000; i++) {
      audio.offer(new byte[320]);
    }
    assertThat(audio.weight()).isEqualTo(64_000);
    // region drain
    for (byte[] chunk : audio.drain()) {
      send(chunk);
    }
    // endregion
    assertThat(sent).hasSize(200);
    assertThat(audio.size()).isZero();
  }

  private final List<Object> sent = new ArrayList<>();

  private void send(Object what) {
    sent.add(what);
  }

  private boolean away;

  private void store(List<String> records) {
    assertThat(away).isFalse();
    sent.addAll(records);
  }

  @Test
  void rejecting_aRecorder_losesNothingAtClose() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("recorder").timeSource(time).build();
    // region recorder
    BoundedBuffer<String> records = BoundedBuffer.rejecting(10_000);
    app.register("sink", "sink", sink -> away = true).priority(Priority.LATE);
    app.defer("last flush", () -> store(records.drain()));
    ManagedScheduler.in(app, "timers").every("flush", ofSeconds(60), () -> store(records.drain()));
    // endregion
    for (int i = 0; i < 9_999; i++) {
      // region offer
      if (!records.offer("record")) {
        // full: the caller learns of it at once, and the count is in records.dropped()
      }
      // endregion
    }
    time.run(app::close);
    assertThat(sent).hasSize(9_999);
    assertThat(records.dropped()).isZero();
  }

  @Test
  void rejecting_full_saysNoAtOnce() {
    BoundedBuffer<String> records = BoundedBuffer.rejecting(2);
    assertThat(List.of(records.offer("a"), records.offer("b"), records.offer("c")))
        .containsExactly(true, true, false);
    assertThat(records.dropped()).isEqualTo(1);
  }
}
