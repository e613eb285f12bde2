package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers in JSON what the server refuses before it reaches a route: broken requests, and all of them while it closes. */
final class JsonErrors extends ErrorHandler {

  /** What a sender is told once the close has begun. */
  static final Map<String, Object> CLOSING = Map.of(
      "status",
      "CLOSING",
      "ready",
      false,
      "error",
      "The service is closing and takes nothing more in. Send it again in a moment.");

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    Object body = code == 503 ? CLOSING : Map.of("error", message + ". Check the request.");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(Json.write(body).getBytes(UTF_8)), callback);
  }
}
