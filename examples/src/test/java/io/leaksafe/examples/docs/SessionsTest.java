package io.leaksafe.examples.docs;

import static io.leaksafe.handle.Priority.LATE;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** How to give each session a scope. */
class SessionsTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("sessions-test").timeSource(time).build();
  private final ManagedScheduler timers = ManagedScheduler.in(app, "timers");

  // region session
  final class Session implements AutoCloseable {
    private final Scope scope;

    Session(Scope sessions, Socket socket) {
      scope = sessions.child("session");
      scope.register("socket", socket, Socket::disconnect).priority(LATE);
      timers.ownedBy(scope).every("ping", ofSeconds(30), socket::ping);
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  // endregion

  @Test
  void close_oneSession_leavesTheOthers() throws Exception {
    Scope sessions = app.child("sessions");
    Socket first = new Socket();
    Socket second = new Socket();
    Session gone = new Session(sessions, first);
    Session kept = new Session(sessions, second);
    time.advance(ofSeconds(30));
    gone.close();
    time.advance(ofSeconds(30));
    assertThat(first.pings).isEqualTo(1);
    assertThat(second.pings).isEqualTo(2);
    assertThat(first.connected).isFalse();
    assertThat(second.connected).isTrue();
    kept.close();
    assertThat(sessions.handles()).isEmpty();
    time.run(app::close);
  }

  @Test
  void close_aGroup_closesSeveralSessionsAtATime() throws Exception {
    // region group
    Scope sessions = app.group("sessions", 64);
    // endregion
    for (int i = 0; i < 10_000; i++) {
      sessions.child("session").defer("goodbye", () -> time.sleep(ofMillis(5)));
    }
    time.run(app::close);
    assertThat(time.elapsed()).isBetween(ofMillis(780), ofMillis(790));
  }

  @Test
  void moveTo_afterBuildingAside_handsTheWholeScopeOver() throws Exception {
    Scope sessions = app.child("sessions");
    Socket socket = new Socket();
    // region aside
    Scope draft = app.child("session");
    try {
      draft.register("socket", socket, Socket::disconnect);
      socket.shakeHands();
      draft.moveTo(sessions);
    } catch (RuntimeException e) {
      draft.close(); // nothing half-open stays behind
      throw e;
    }
    // endregion
    assertThat(sessions.handles()).extracting("name").containsExactly("socket", "session");
    time.run(app::close);
  }

  @Test
  void adopt_aHandle_movesItToAnotherScope() throws Exception {
    Scope call = app.child("call");
    Scope recording = app.child("recording");
    Handle<Socket> socket = call.register("socket", new Socket(), Socket::disconnect);
    // region adopt
    recording.adopt(socket); // from now on it ends with the recording
    call.close();
    // endregion
    assertThat(socket.get().connected).isTrue();
    time.run(app::close);
  }

  private static final class Socket {
    private boolean connected = true;
    private int pings;

    void shakeHands() {}

    void ping() {
      pings++;
    }

    void disconnect() {
      connected = false;
    }
  }
}
