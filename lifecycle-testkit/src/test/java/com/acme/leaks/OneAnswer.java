package com.acme.leaks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Answers one HTTP request and keeps the connection alive until it is closed. */
final class OneAnswer implements AutoCloseable {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::answer, "one-answer");

  OneAnswer() throws IOException {
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void answer() {
    try (Socket socket = server.accept()) {
      StringBuilder request = new StringBuilder();
      while (request.indexOf("\r\n\r\n") < 0) {
        request.append((char) socket.getInputStream().read());
      }
      socket.getOutputStream().write(ANSWER.getBytes(US_ASCII));
      socket.getOutputStream().flush();
      closed.await();
    } catch (IOException | InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
