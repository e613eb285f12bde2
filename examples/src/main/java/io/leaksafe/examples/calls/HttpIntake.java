package io.leaksafe.examples.calls;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side: takes webhooks in, and shows health, statistics, lines and the live tree. Every answer is JSON, except the
 * tree.
 *
 * <p>It closes in two steps, both {@link Priority#FIRST}: new requests get a 503 and those under way are answered, then the
 * server ends with its threads.
 */
final class HttpIntake {

  /** Long enough for any webhook, short enough that nobody can fill the heap with one. */
  static final int MAXIMUM_BODY = 64 * 1024;

  private static final int READ_TO_THE_END = 1024 * 1024;
  private static final int THREADS = 16;

  private static final Logger log = LoggerFactory.getLogger(HttpIntake.class);

  private final CallDesk desk;
  private final Health health;
  private final Handle<Javalin> server;

  /** Listens from here on. */
  HttpIntake(Scope owner, CallDesk desk, Health health, int port) {
    this.desk = desk;
    this.health = health;
    GracefulHandler requests = new GracefulHandler();
    Javalin javalin = Javalin.create(config -> configure(config, requests));
    server = owner.register("http", javalin, Javalin::stop).priority(Priority.FIRST);
    owner.registerAsync("requests", requests, GracefulHandler::shutdown).priority(Priority.FIRST);
    start(port);
  }

  int port() {
    return server.get().port();
  }

  private void start(int port) {
    try {
      server.get().start(port);
    } catch (JavalinBindException e) {
      throw new CannotRun(
          "Port " + port + " is in use. End the program that listens there, or choose another one"
              + " with --port; 0 takes any that is free.",
          e);
    }
  }

  private void configure(JavalinConfig config, GracefulHandler requests) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("calls-http");
    config.jetty.threadPool = threads;
    config.jetty.host =
        "127.0.0.1"; // there is no login: to be reached from elsewhere takes a proxy
    config.jetty.modifyServer(jetty -> {
      jetty.setHandler(requests);
      jetty.setErrorHandler(new JsonErrors());
    });
    config.routes.post("/webhooks/call", this::webhook);
    config.routes.get("/health", this::health);
    config.routes.get("/health/memory", request -> answer(request, 200, health.memory()));
    config.routes.get("/admin/statistics/today", request -> answer(request, 200, desk.figures()));
    config.routes.get(
        "/admin/tree",
        request -> request.contentType("text/plain; charset=utf-8").result(health.tree()));
    config.routes.get("/lines/{line}", this::line);
    config.routes.exception(HttpResponseException.class, HttpIntake::refused);
    config.routes.exception(Exception.class, HttpIntake::failed);
    config.router.javaLangErrorHandler((response, error) -> log.error("A request failed", error));
  }

  private void webhook(Context request) throws IOException {
    if (!health.isReady()) {
      answer(request, 503, JsonErrors.CLOSING);
      return;
    }
    byte[] body = body(request);
    if (body.length > MAXIMUM_BODY) {
      desk.countOversized();
      answer(
          request, 413, error("The body must have at most 64 KiB. Send one webhook per request."));
      return;
    }
    try {
      answer(request, 200, desk.accept(body));
    } catch (RejectedWebhook e) {
      answer(request, 400, error(e.getMessage()));
    }
  }

  /**
   * Keeps one byte too many at most. The rest is read to its end, up to a limit, and thrown away: a sender whose connection
   * breaks while it still writes never sees the answer.
   */
  private static byte[] body(Context request) throws IOException {
    InputStream in = request.bodyInputStream();
    byte[] body = in.readNBytes(MAXIMUM_BODY + 1);
    if (body.length > MAXIMUM_BODY) {
      long rest = READ_TO_THE_END;
      for (long n = in.skip(rest); n > 0 && rest > 0; n = in.skip(rest)) {
        rest -= n;
      }
    }
    return body;
  }

  private void health(Context request) {
    Health.Status status = health.status();
    answer(request, status.ready() ? 200 : 503, status);
  }

  private void line(Context request) {
    answer(request, 200, desk.line(request.pathParam("line")));
  }

  private static void refused(HttpResponseException e, Context request) {
    String asked = request.method() + " " + request.path();
    String message = switch (e.getStatus()) {
      case 404 -> "There is no " + asked + ". Webhooks go to POST /webhooks/call.";
      case 405 -> asked + " is not served. Use " + e.getDetails().get("availableMethods") + ".";
      default -> e.getMessage();
    };
    answer(request, e.getStatus(), error(message));
  }

  private static void failed(Exception e, Context request) {
    log.error("{} {} failed", request.method(), request.path(), e);
    answer(request, 500, error("The service failed to answer. Its log says why."));
  }

  private static Map<String, String> error(@Nullable String message) {
    return Map.of("error", message == null ? "no more is known" : message);
  }

  private static void answer(Context request, int status, Object body) {
    request.status(status).contentType("application/json").result(Json.write(body));
  }
}
