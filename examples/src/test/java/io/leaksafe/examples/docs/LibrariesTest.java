package io.leaksafe.examples.docs;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Closers;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.health.HealthMonitor;
import io.leaksafe.schedule.ManagedScheduler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How to own what people already use: pools, event loops, clients, a container's lifecycle, gauges. */
class LibrariesTest {

  // ---- HikariCP

  @Test
  void close_aManagerWithAPool_closesThePool() throws Exception {
    CleanupManager app = CleanupManager.create("orders");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:orders");
    config.setMaximumPoolSize(2);
    // region hikari
    HikariDataSource pool =
        app.open("pool", () -> new HikariDataSource(config), HikariDataSource::close);
    // endregion
    assertThat(one(pool)).isEqualTo(1);
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(pool.isClosed()).isTrue();
    assertThatThrownBy(pool::getConnection).hasMessageContaining("closed");
  }

  private static int one(HikariDataSource pool) throws Exception {
    try (Connection connection = pool.getConnection();
        ResultSet result = connection.createStatement().executeQuery("select 1")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void close_asAHandle_canBeOrdered() {
    CleanupManager app = CleanupManager.create("orders");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:late");
    // region late
    Handle<HikariDataSource> pool = app.register(
            "pool", new HikariDataSource(config), HikariDataSource::close)
        .priority(Priority.LATE)
        .timeout(ofSeconds(3));
    // endregion
    List<String> closed = new ArrayList<>();
    HikariDataSource source = pool.get();
    app.defer("flush", () -> closed.add(source.isClosed() ? "too late" : "flushed"));
    app.close();
    assertThat(closed).containsExactly("flushed");
  }

  // ---- Netty

  @Test
  void close_aManagerWithAnEventLoop_waitsForItsEnd() throws Exception {
    CleanupManager app = CleanupManager.create("gateway");
    // region netty
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    app.registerAsync("loops", loops, LibrariesTest::shutdown).priority(Priority.LATE);
    // endregion
    assertThat(loops.submit(() -> "ran").get()).isEqualTo("ran");
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(loops.isTerminated()).isTrue();
  }

  // region netty-stage
  static CompletableFuture<@Nullable Void> shutdown(EventLoopGroup loops) {
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).addListener(future -> {
      if (future.isSuccess()) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(future.cause());
      }
    });
    return ended;
  }
  // endregion

  // ---- java.net.http

  @Test
  void close_aManagerWithAClient_leavesNoThreadOfIt() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    CleanupManager app = CleanupManager.create("client");
    app.register("server", server, Closers.stop(HttpServer::stop, ofSeconds(0)));
    server.start();
    // region client
    ExecutorService threads = Executors.newFixedThreadPool(2);
    app.register("http threads", threads, Closers.executor()).priority(Priority.LATE);
    HttpClient client = HttpClient.newBuilder().executor(threads).build();
    app.register("http", client, LibrariesTest::close);
    // endregion
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    assertThat(client
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
            .statusCode())
        .isEqualTo(204);
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(threads.isTerminated()).isTrue();
  }

  // region client-close
  static void close(HttpClient client) throws Exception {
    if (client instanceof AutoCloseable closeable) { // from JDK 21 on
      closeable.close();
    }
  }
  // endregion

  // ---- Spring

  // region spring
  static final class AppLifecycle implements SmartLifecycle {
    private final CleanupManager app =
        CleanupManager.builder("app").timeout(ofSeconds(20)).build();
    private volatile boolean running;

    Scope scope() {
      return app;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      app.shutdown(); // the report is in the log; beans that are destroyed after this find it
      // closed
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }
  }

  @Configuration
  static class Beans {
    @Bean
    AppLifecycle lifecycle() {
      return new AppLifecycle();
    }

    @Bean
    ManagedScheduler timers(AppLifecycle lifecycle) {
      return ManagedScheduler.in(lifecycle.scope(), "timers");
    }
  }
  // endregion

  @Test
  void close_theSpringContext_closesTheManagerFirst() {
    AppLifecycle lifecycle;
    List<String> order = new ArrayList<>();
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(Beans.class)) {
      lifecycle = context.getBean(AppLifecycle.class);
      assertThat(lifecycle.isRunning()).isTrue();
      context.getBean(ManagedScheduler.class).every("sweep", ofSeconds(60), () -> {});
      lifecycle.scope().defer("last", () -> order.add("manager " + context.isActive()));
      assertThat(lifecycle.scope().handles()).anyMatch(handle -> handle.kind() == Kind.TIMER);
    }
    assertThat(lifecycle.isRunning()).isFalse();
    assertThat(lifecycle.scope().handles()).isEmpty();
    assertThat(order).hasSize(1);
  }

  // ---- Micrometer

  @Test
  void close_aManagerWithGauges_removesThem() {
    CleanupManager app = CleanupManager.create("metrics");
    MeterRegistry registry = new SimpleMeterRegistry();
    // region gauges
    HealthMonitor monitor = HealthMonitor.in(app, "health");
    gauge(
        app,
        registry,
        "app.handles",
        () -> monitor.current().handles().values().stream()
            .mapToInt(Integer::intValue)
            .sum());
    gauge(app, registry, "app.level", () -> monitor.current().level().ordinal());
    gauge(app, registry, "app.ready", () -> monitor.current().ready() ? 1 : 0);
    gauge(app, registry, "app.heap.growth", () -> monitor.trend().bytesPerHour());
    // endregion
    monitor.check();
    assertThat(registry.get("app.handles").gauge().value()).isGreaterThan(4);
    assertThat(registry.get("app.ready").gauge().value()).isEqualTo(1);
    app.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  // region gauge
  static void gauge(Scope owner, MeterRegistry registry, String name, Supplier<Number> value) {
    Gauge gauge = Gauge.builder(name, value).register(registry);
    owner.register(name, gauge, registry::remove).priority(Priority.LAST);
  }
  // endregion
}
