package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.DATAGRAM_SOCKET;
import static io.leaksafe.testkit.leak.LeakKind.HTTP_CLIENT;
import static io.leaksafe.testkit.leak.LeakKind.PIPE;
import static io.leaksafe.testkit.leak.LeakKind.SELECTOR;
import static io.leaksafe.testkit.leak.LeakKind.SERVER_SOCKET;
import static io.leaksafe.testkit.leak.LeakKind.SOCKET;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.leaksafe.testkit.Collectable;
import io.leaksafe.testkit.junit.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Sockets, channels, selectors and the clients and servers on top of them. */
class NetworkScenarios {

  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(HOST, 0);
  }

  @Test
  @Left(SERVER_SOCKET)
  void serverSocket() throws IOException {
    Later.close(new ServerSocket(0, 1, HOST));
  }

  @Test
  @Left(SERVER_SOCKET)
  void serverSocketChannel() throws IOException {
    Later.close(ServerSocketChannel.open()).bind(anyPort());
  }

  @Test
  @Left(SOCKET)
  void socket() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      Later.close(new Socket(HOST, server.getLocalPort()));
      server.accept().close();
    }
  }

  @Test
  @Left(SOCKET)
  void acceptedSocket() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HOST);
        Socket client = new Socket(HOST, server.getLocalPort())) {
      Later.close(server.accept());
      client.isConnected();
    }
  }

  @Test
  @Left(SOCKET)
  void socketChannel() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      Later.close(SocketChannel.open(server.getLocalSocketAddress()));
      server.accept().close();
    }
  }

  @Test
  @Left(DATAGRAM_SOCKET)
  void datagramSocket() throws IOException {
    Later.close(new DatagramSocket(anyPort()));
  }

  @Test
  @Left(DATAGRAM_SOCKET)
  void datagramChannel() throws IOException {
    Later.close(DatagramChannel.open()).bind(anyPort());
  }

  @Test
  @Left(SELECTOR)
  void selector() throws IOException {
    Later.close(Selector.open());
  }

  @Test
  @Left(value = PIPE, says = "sink")
  void pipe() throws IOException {
    Pipe pipe = Pipe.open();
    Later.close(pipe.source());
    Later.close(pipe.sink());
  }

  @Test
  @Left(HTTP_CLIENT)
  void httpClient() throws Exception {
    Later.end(Jdk.httpClient(), client -> {});
  }

  @Test
  @Left(SERVER_SOCKET)
  void httpServer() throws Exception {
    Later.close(Jdk.httpServer(anyPort()));
  }

  // ---- near misses

  /** The interrupt closes it, and nobody calls close() any more. */
  @Test
  void closedByAnInterrupt() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      Collectable gone = Collectable.of(interrupted(server));
      server.accept().close();
      Assertions.assertTrue(gone.isCollected());
    }
  }

  private static SocketChannel interrupted(ServerSocket server) throws IOException {
    SocketChannel channel = SocketChannel.open(server.getLocalSocketAddress());
    Thread.currentThread().interrupt();
    Assertions.assertThrows(
        ClosedByInterruptException.class, () -> channel.read(ByteBuffer.allocate(1)));
    Assertions.assertTrue(Thread.interrupted());
    return channel;
  }

  @Test
  void unbound() throws IOException {
    Later.close(new ServerSocket());
    Later.close(new Socket());
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void closed() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HOST);
        Socket client = new Socket(HOST, server.getLocalPort());
        Socket accepted = server.accept();
        DatagramSocket datagram = new DatagramSocket(anyPort());
        Selector selector = Selector.open();
        ServerSocketChannel channel = ServerSocketChannel.open()) {
      client.getOutputStream().write(1);
      accepted.getInputStream().read();
      datagram.getLocalPort();
      channel.configureBlocking(false).register(selector, 0);
    }
  }

  @Test
  void socketClosedThroughItsStream() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      Socket client = new Socket(HOST, server.getLocalPort());
      server.accept().getOutputStream().close();
      client.getInputStream().close();
    }
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void httpServerStopped() throws Exception {
    Jdk.httpServer(anyPort()).close();
  }

  @Test
  @Unclear
  void keepAliveOfUrlConnections() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, HOST)) {
      Thread answering = new Thread(() -> answer(server), "answering");
      answering.start();
      URL url = new URL("http", "127.0.0.1", server.getLocalPort(), "/");
      try (InputStream in = url.openStream()) {
        in.readAllBytes();
      }
      answering.join();
    }
  }

  /** Answers one request, and leaves the connection to the client. */
  private static void answer(ServerSocket server) {
    try {
      Socket connection = Later.close(server.accept());
      connection.getInputStream().read(new byte[8_192]);
      connection
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
      connection.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
