package io.leaksafe.examples.docs;

import static io.leaksafe.handle.Priority.LATE;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The README's first code. */
@Isolated // looks at all threads, and others call theirs the same
class FiveLinesTest {

  private final List<String> events = new ArrayList<>();

  @Test
  void close_blockEnds_closesThePoolAndEndsEveryThread() {
    Server server = new Server();
    // region five-lines
    try (var app = CleanupManager.create("app").closeOnExit()) {
      var pool = app.own("pool", new Pool());
      var timers = ManagedScheduler.in(app, "timers");
      timers.every("sweep", ofMinutes(5), pool::sweep);
      server.join();
    } // the timers stop, a sweep under way is awaited, then the pool closes
    // endregion
    assertThat(server.joined).isTrue();
    assertThat(events).containsExactly("pool closed");
    assertThat(threadNames()).doesNotContain("app-timer", "app-closer-1");
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  @Test
  void close_ofAChild_leavesNothingOfItAnywhere() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("server").timeSource(time).build();
    ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    WebSocket ws = new WebSocket();
    // region session
    var session = app.child("session-7");
    session.register("socket", ws, WebSocket::abort).priority(LATE).timeout(ofSeconds(1));
    session.subscribe(ws::addListener, ws::removeListener, this::onMessage);
    timers.ownedBy(session).every("heartbeat", ofSeconds(30), ws::ping);
    // and when the client goes:
    session.close();
    // endregion
    assertThat(ws.aborted).isTrue();
    assertThat(ws.listeners).isEmpty();
    assertThat(app.handles())
        .extracting("name")
        .doesNotContain("session-7", "socket", "listener", "heartbeat");
    time.run(app::close);
  }

  private void onMessage(String message) {
    events.add(message);
  }

  private static final class Server {
    private boolean joined;

    void join() {
      assertThat(threadNames()).contains("app-timer");
      joined = true;
    }
  }

  private final class Pool implements AutoCloseable {
    void sweep() {}

    @Override
    public void close() {
      events.add("pool closed");
    }
  }

  private static final class WebSocket {
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private boolean aborted;

    void addListener(Consumer<String> listener) {
      listeners.add(listener);
    }

    void removeListener(Consumer<String> listener) {
      assertThat(listeners.remove(listener)).isTrue();
    }

    void ping() {}

    void abort() {
      aborted = true;
    }
  }
}
