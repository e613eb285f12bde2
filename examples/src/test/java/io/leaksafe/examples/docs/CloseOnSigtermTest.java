package io.leaksafe.examples.docs;

import static io.leaksafe.handle.Priority.FIRST;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How to close on SIGTERM, and in Kubernetes. */
class CloseOnSigtermTest {

  private final VirtualTime time = VirtualTime.create();
  private final List<String> events = new ArrayList<>();

  @Test
  void closeOnExit_blockEnds_takesTheManagerOutAgain() {
    // region main
    try (var app =
        CleanupManager.builder("order-service").timeout(ofSeconds(20)).build()) {
      app.closeOnExit();
      var orders = new Orders(app);
      orders.serve(); // until somebody ends the JVM
    }
    // endregion
    assertThat(events).containsExactly("served", "closed");
  }

  @Test
  void closeOnExit_withADelay_isReadyUntilTheExit() {
    // region delay
    CleanupManager app = CleanupManager.builder("order-service")
        .drainDelay(ofSeconds(5))
        .timeout(ofSeconds(15))
        .build()
        .closeOnExit();
    int status = app.isReady() ? 200 : 503; // what the readiness probe gets
    // endregion
    assertThat(status).isEqualTo(200);
    app.close();
    assertThat(app.isReady()).isFalse();
  }

  @Test
  void closeOnExit_withALimit_isBuilt() {
    // region halt
    CleanupManager app = CleanupManager.builder("order-service")
        .timeout(ofSeconds(15))
        .haltAfter(ofSeconds(25))
        .build()
        .closeOnExit();
    // endregion
    assertThat(app.isReady()).isTrue();
    app.close();
  }

  @Test
  void close_withADrain_turnsReadinessOffBeforeTheServerEnds() throws Exception {
    CleanupManager app = CleanupManager.builder("drained")
        .timeout(ofSeconds(20))
        .timeSource(time)
        .build();
    Server server = new Server();
    // region drain
    var ready = new AtomicBoolean(true); // what the readiness probe asks
    app.register("http", server, Server::stop).priority(FIRST);
    app.defer("drain", () -> {
          ready.set(false);
          sleep(ofSeconds(5)); // until no load balancer sends requests any more
        })
        .priority(FIRST)
        .timeout(ofSeconds(6));
    // endregion
    time.run(app::close);
    assertThat(ready).isFalse();
    assertThat(events).containsExactly("server stopped after PT5S");
  }

  private void sleep(Duration duration) throws InterruptedException {
    time.sleep(duration);
  }

  private final class Server {
    void stop() {
      events.add("server stopped after " + time.elapsed());
    }
  }

  private final class Orders {
    Orders(Scope owner) {
      owner.defer("orders", () -> events.add("closed"));
    }

    void serve() {
      events.add("served");
    }
  }
}
