package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static io.leaksafe.handle.Priority.FIRST;
import static io.leaksafe.handle.Priority.LATE;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The tutorial: a service that tells its clients prices, from nothing to zero live handles. */
class TutorialTest {

  private static final List<String> STORED = new ArrayList<>();

  // region journal
  static final class Journal {
    private final Store store;
    private final List<String> unsaved = new ArrayList<>();

    Journal(Scope owner, ManagedScheduler timers) {
      store = owner.register("store", Store.open(), Store::close).priority(LATE).get();
      owner.defer("final flush", this::flush);
      timers.every("flush", ofMinutes(1), this::flush);
    }

    synchronized void add(String line) {
      unsaved.add(line);
    }

    synchronized void flush() {
      store.write(unsaved);
      unsaved.clear();
    }
  }

  // endregion

  // region session
  static final class Session {
    private final Scope scope;

    Session(Scope sessions, Client client, ManagedScheduler timers) {
      scope = sessions.child("session");
      scope.register("client", client, Client::disconnect).priority(LATE);
      timers.ownedBy(scope).every("price", ofSeconds(10), () -> client.send("1.08"));
    }

    void end() {
      scope.close();
    }
  }

  // endregion

  // region service
  static final class PriceService {
    private final ManagedScheduler timers;
    private final Journal journal;
    private final Scope sessions;
    private final Map<String, Session> byClient = new ConcurrentHashMap<>();

    PriceService(Scope owner, Intake intake) {
      timers = ManagedScheduler.in(owner, "timers");
      journal = new Journal(owner, timers);
      sessions = owner.group("sessions", 16);
      owner.subscribe(intake::onConnect, intake::off, this::connected);
      owner.register("intake", intake, Intake::stop).priority(FIRST);
    }

    void connected(Client client) {
      byClient.put(client.name(), new Session(sessions, client, timers));
      journal.add("hello " + client.name());
    }

    void disconnected(Client client) {
      byClient.remove(client.name()).end();
      journal.add("goodbye " + client.name());
    }
  }

  // endregion

  @Test
  void main_blockEnds_closesTheService() {
    STORED.clear();
    Intake intake = new Intake();
    // region main
    try (var prices = CleanupManager.create("prices").closeOnExit()) {
      new PriceService(prices, intake);
      intake.serve(); // until somebody ends the JVM
    }
    // endregion
    assertThat(intake.stopped).isTrue();
    assertThat(STORED).containsExactly("hello ann");
  }

  // region test
  @Test
  void shutdown_afterAHundredSessions_leavesNothing() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager prices = CleanupManager.builder("prices").timeSource(time).build();
    PriceService service = new PriceService(prices, new Intake());
    int live = 0;
    for (int i = 0; i < 100; i++) {
      Client client = new Client("client-" + i);
      service.connected(client);
      time.advance(ofSeconds(30));
      service.disconnected(client);
      assertThat(client.received).hasSize(3);
      live = i == 0 ? prices.handles().size() : live; // by then, what is opened once is open
    }
    assertThat(prices.handles()).hasSize(live);

    CloseReport report = time.call(prices::shutdown);
    assertThat(report.clean()).as(report.toString()).isTrue();
    assertThat(prices.handles()).isEmpty();
  }

  // endregion

  @Test
  void describe_twoClients_drawsTheirSessions() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager prices = CleanupManager.builder("prices").timeSource(time).build();
    StringBuilder printed = new StringBuilder();
    Docs.onThreadNamed("main", () -> {
      PriceService service = new PriceService(prices, new Intake());
      service.connected(new Client("ann"));
    });
    time.advance(ofSeconds(15));
    // region look
    printed.append(prices.describe());
    // endregion
    assertThat(printed).contains("sessions", "price", "final flush");
    CloseReport report = time.call(prices::shutdown);
    assertShown("TutorialTest", "report", report.toString());
  }

  private static final class Intake {
    private final List<Consumer<Client>> listeners = new ArrayList<>();
    private boolean stopped;

    void onConnect(Consumer<Client> listener) {
      listeners.add(listener);
    }

    void off(Consumer<Client> listener) {
      listeners.remove(listener);
    }

    void serve() {
      listeners.forEach(listener -> listener.accept(new Client("ann")));
    }

    void stop() {
      stopped = true;
    }
  }

  private record Client(String name, List<String> received) {
    Client(String name) {
      this(name, new ArrayList<>());
    }

    void send(String price) {
      received.add(price);
    }

    void disconnect() {}
  }

  private static final class Store {
    static Store open() {
      return new Store();
    }

    void write(List<String> lines) {
      STORED.addAll(lines);
    }

    void close() {}
  }
}
