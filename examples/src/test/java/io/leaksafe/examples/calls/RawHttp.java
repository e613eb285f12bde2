package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import tools.jackson.databind.JsonNode;

/** One HTTP request over a connection of its own, which says exactly what the test wrote. */
final class RawHttp implements AutoCloseable {

  private final Socket socket;

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
  }

  /** What came back: the status line's number, everything before the body, and the body. */
  record Reply(int status, String head, String body) {
    JsonNode json() {
      return Json.read(body);
    }

    String error() {
      return json().get("error").stringValue();
    }
  }

  static Reply get(int port, String path) throws IOException {
    return send(port, "GET " + path, "");
  }

  static Reply post(int port, String body) throws IOException {
    return send(port, "POST /webhooks/call", body);
  }

  static Reply send(int port, String what, String body) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      http.write(what + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
          + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
      return http.read();
    }
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** Reads up to an empty line. */
  String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("the connection ended after '" + head + "'");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  Reply read() throws IOException {
    String head = readHead();
    String body = new String(socket.getInputStream().readAllBytes(), UTF_8);
    return new Reply(Integer.parseInt(head.split(" ", 3)[1]), head, body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
