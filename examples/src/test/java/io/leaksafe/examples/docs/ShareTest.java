package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.share.SharedByKey;
import io.leaksafe.share.SharedResource;
import io.leaksafe.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** How to share one client between many sessions. */
class ShareTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("voice").timeSource(time).build();
  private int opened;
  private int closed;

  private final class Client implements AutoCloseable {
    Client() {
      opened++;
    }

    String ask(String what) {
      return what + "?";
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @Test
  void acquire_byManySessions_opensOne() throws Exception {
    // region share
    SharedResource<Client> openAi =
        SharedResource.in(app, "openai", Client::new, Client::close).linger(ofSeconds(30));
    // endregion
    for (int i = 0; i < 100; i++) {
      // region acquire
      Scope session = app.child("session");
      Handle<Client> client = openAi.acquire(session);
      client.get().ask("what is on the menu");
      // endregion
    }
    assertThat(opened).isEqualTo(1);
    assertThat(openAi.leases()).isEqualTo(100);
    CloseReport report = time.call(app::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(closed).isEqualTo(1);
  }

  @Test
  void linger_afterTheLastSession_closesLater() throws Exception {
    SharedResource<Client> openAi =
        SharedResource.in(app, "openai", Client::new, Client::close).linger(ofSeconds(30));
    // region session
    try (Scope session = app.child("session")) {
      openAi.acquire(session).get().ask("what is on the menu");
    } // the lease ends here, and the client 30 s later unless somebody else wants it
    // endregion
    assertThat(openAi.isOpen()).isTrue();
    time.advance(ofSeconds(30));
    assertThat(closed).isEqualTo(1);
    time.run(app::close);
  }

  @Test
  void acquire_byKey_opensOneForEachEndpoint() throws Exception {
    // region keyed
    SharedByKey<String, Client> clients =
        SharedByKey.in(app, "clients", endpoint -> connect(endpoint), Client::close);
    Handle<Client> client = clients.acquire("eu.example.com", app.child("session"));
    // endregion
    assertThat(client.get().ask("menu")).isEqualTo("menu?");
    assertThat(clients.size()).isEqualTo(1);
    client.close();
    assertThat(clients.size()).isZero();
    time.run(app::close);
  }

  private Client connect(String endpoint) {
    assertThat(endpoint).contains(".");
    return new Client();
  }

  @Test
  void close_theOwnerTooEarly_namesTheHolders() throws Exception {
    Scope session = Docs.madeBy("main", () -> app.child("session-7"));
    Scope shared = app.child("shared");
    SharedResource<Client> openAi = SharedResource.in(shared, "openai", Client::new, Client::close);
    Docs.onThreadNamed("main", () -> hold(openAi, session));
    time.advance(ofSeconds(60));
    CloseReport report = time.call(shared::shutdown);
    assertShown(
        "ShareTest", "held", String.valueOf(report.entries().get(0).error().getMessage()));
    assertThat(closed).isEqualTo(1);
    assertShown(
        "ShareTest",
        "late",
        String.valueOf(catchThrowable(() -> openAi.acquire(session)).getMessage()));
    time.run(app::close);
  }

  private static void hold(SharedResource<Client> openAi, Scope session) {
    try {
      openAi.acquire(session);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
