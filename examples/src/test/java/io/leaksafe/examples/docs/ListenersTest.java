package io.leaksafe.examples.docs;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How to listen to a foreign emitter, and how to reconnect. */
class ListenersTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("listeners").timeSource(time).build();
  private final List<String> heard = new ArrayList<>();

  @Test
  void close_aScopeThatListens_removesTheListener() throws Exception {
    Emitter emitter = new Emitter();
    Scope scope = app.child("scope");
    // region subscribe
    scope.subscribe(emitter::addListener, emitter::removeListener, this::onPrice);
    // endregion
    emitter.emit("1.08");
    scope.close();
    emitter.emit("1.09");
    assertThat(heard).containsExactly("1.08");
    assertThat(emitter.listeners).isEmpty();
    time.run(app::close);
  }

  @Test
  void close_theSubscription_removesTheListenerEarly() throws Exception {
    Emitter emitter = new Emitter();
    Scope scope = app.child("scope");
    // region early
    var subscription =
        scope.subscribe(emitter::addListener, emitter::removeListener, this::onPrice);
    subscription.close();
    // endregion
    assertThat(emitter.listeners).isEmpty();
    assertThat(scope.handles()).isEmpty();
    time.run(app::close);
  }

  @Test
  void connect_aHundredTimes_leavesOneConnection() throws Exception {
    Connection connection = new Connection(app, ManagedScheduler.in(app, "timers"));
    connection.connect();
    int live = app.handles().size();
    for (int i = 0; i < 100; i++) {
      connection.connect();
    }
    assertThat(app.handles()).hasSize(live);
    assertThat(connection.opened).filteredOn(emitter -> emitter.open).hasSize(1);
    assertThat(connection.opened)
        .filteredOn(emitter -> !emitter.listeners.isEmpty())
        .hasSize(1);
    time.run(app::close);
    assertThat(connection.opened).noneMatch(emitter -> emitter.open);
  }

  @Test
  void connect_fromItsOwnHeartbeat_doesNotWaitForItself() throws Exception {
    Connection connection = new Connection(app, ManagedScheduler.in(app, "timers"));
    connection.connect();
    connection.opened.get(0).dead = true;
    time.advance(ofSeconds(60));
    assertThat(connection.opened).extracting(emitter -> emitter.open).containsExactly(false, true);
    time.run(app::close);
  }

  // region connection
  final class Connection {
    private final Scope owner;
    private final ManagedScheduler timers;
    private @Nullable Scope current;

    Connection(Scope owner, ManagedScheduler timers) {
      this.owner = owner;
      this.timers = timers;
    }

    synchronized void connect() {
      if (current != null) {
        current.shutdown(); // heartbeat, listener and socket of the old connection
      }
      Scope fresh = owner.child("connection");
      current = fresh;
      Emitter socket = fresh.own("socket", open());
      fresh.subscribe(socket::addListener, socket::removeListener, ListenersTest.this::onPrice);
      timers.ownedBy(fresh).every("heartbeat", ofSeconds(30), () -> {
        if (!socket.answers()) {
          connect();
        }
      });
    }
    // endregion

    private final List<Emitter> opened = new ArrayList<>();

    private Emitter open() {
      Emitter emitter = new Emitter();
      opened.add(emitter);
      return emitter;
    }
  }

  private void onPrice(String price) {
    heard.add(price);
  }

  private static final class Emitter implements AutoCloseable {
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private boolean open = true;
    private boolean dead;

    void addListener(Consumer<String> listener) {
      listeners.add(listener);
    }

    void removeListener(Consumer<String> listener) {
      assertThat(open).as("the listener goes before the socket").isTrue();
      listeners.remove(listener);
    }

    void emit(String price) {
      listeners.forEach(listener -> listener.accept(price));
    }

    boolean answers() {
      return !dead;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
