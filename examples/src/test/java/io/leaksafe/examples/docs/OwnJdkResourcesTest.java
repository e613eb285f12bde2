package io.leaksafe.examples.docs;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Closers;
import io.leaksafe.cleanup.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How to own what the JDK has no good close for. */
class OwnJdkResourcesTest {

  private final CleanupManager app = CleanupManager.create("jdk");
  private final Scope scope = app.child("scope");

  @Test
  void close_anExecutor_finishesItsTasks() {
    AtomicBoolean written = new AtomicBoolean();
    Runnable write = () -> written.set(true);
    // region executor
    ExecutorService workers = Executors.newFixedThreadPool(4);
    scope.register("workers", workers, Closers.executor());
    workers.execute(write);
    // endregion
    app.close();
    assertThat(workers.isTerminated()).isTrue();
    assertThat(written).isTrue();
  }

  @Test
  void close_aThread_interruptsAndJoinsIt() {
    CountDownLatch never = new CountDownLatch(1);
    Runnable read = () -> {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
    // region thread
    Thread reader = new Thread(read, "reader");
    scope.register("reader", reader, Closers.thread());
    reader.start();
    // endregion
    app.close();
    assertThat(reader.isAlive()).isFalse();
  }

  @Test
  void close_aProcess_endsIt() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes = Path.of(
        Converter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ProcessBuilder command =
        new ProcessBuilder(java.toString(), "-cp", classes.toString(), Converter.class.getName());
    // region process
    Process converter = scope.open("converter", command::start, Closers.process());
    // endregion
    assertThat(converter.isAlive()).isTrue();
    app.close();
    assertThat(converter.isAlive()).isFalse();
  }

  @Test
  void close_aTimer_cancelsIt() {
    // region timer
    Timer legacy = new Timer("legacy", true);
    scope.register("legacy", legacy, Closers.timer());
    // endregion
    app.close();
    assertThat(legacy.purge()).isZero();
  }

  @Test
  void close_anHttpServer_comesBeforeItsWorkers() throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    // region http-server
    ExecutorService workers = Executors.newFixedThreadPool(4);
    scope.register("workers", workers, Closers.executor());
    HttpServer server = scope.open(
        "http", () -> HttpServer.create(address, 0), Closers.stop(HttpServer::stop, ofSeconds(1)));
    server.setExecutor(workers);
    server.start();
    // endregion
    assertThat(app.shutdown().entries())
        .extracting(entry -> entry.handle().name())
        .containsExactly("http", "workers", "scope");
  }

  @Test
  void close_somethingThatClosesLater_waitsForItsStage() {
    Connection connection = new Connection();
    // region async
    scope.registerAsync("connection", connection, Connection::closeLater);
    // endregion
    app.close();
    assertThat(connection.closed).isTrue();
  }

  @Test
  void release_aHandle_givesTheResourceBack() {
    Connection connection = new Connection();
    // region release
    var handle = scope.registerAsync("connection", connection, Connection::closeLater);
    Connection mine = handle.release();
    // endregion
    app.close();
    assertThat(mine).isSameAs(connection);
    assertThat(connection.closed).isFalse();
  }

  private static final class Connection {
    private volatile boolean closed;

    CompletableFuture<Void> closeLater() {
      return CompletableFuture.runAsync(() -> closed = true);
    }
  }

  /** A process that runs until it is ended. */
  static final class Converter {
    public static void main(String[] args) throws IOException {
      System.in.read();
    }
  }
}
