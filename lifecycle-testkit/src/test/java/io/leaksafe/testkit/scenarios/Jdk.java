package io.leaksafe.testkit.scenarios;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;

/** What only newer JDKs have (scenarios are skipped on older ones), and what is in modules that the testkit does not read. */
final class Jdk {

  private static final int VIRTUAL_THREADS = 21;

  private Jdk() {}

  static Thread startVirtual(String name, Runnable body) throws Exception {
    Assumptions.assumeTrue(Runtime.version().feature() >= VIRTUAL_THREADS);
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    Class<?> type = Class.forName("java.lang.Thread$Builder");
    type.getMethod("name", String.class).invoke(builder, name);
    return (Thread) type.getMethod("start", Runnable.class).invoke(builder, body);
  }

  static ExecutorService virtualExecutor() throws Exception {
    Assumptions.assumeTrue(Runtime.version().feature() >= VIRTUAL_THREADS);
    try {
      return (ExecutorService) MethodHandles.publicLookup()
          .findStatic(
              Executors.class,
              "newVirtualThreadPerTaskExecutor",
              MethodType.methodType(ExecutorService.class))
          .invoke();
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
  }

  static Object httpClient() throws Exception {
    return Class.forName("java.net.http.HttpClient").getMethod("newHttpClient").invoke(null);
  }

  /** A running server; closing it stops it. */
  static AutoCloseable httpServer(InetSocketAddress address) throws Exception {
    Class<?> type = Class.forName("com.sun.net.httpserver.HttpServer");
    Object server =
        type.getMethod("create", InetSocketAddress.class, int.class).invoke(null, address, 0);
    type.getMethod("start").invoke(server);
    return () -> type.getMethod("stop", int.class).invoke(server, 0);
  }
}
