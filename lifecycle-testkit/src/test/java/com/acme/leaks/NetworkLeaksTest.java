package com.acme.leaks;

import static com.acme.leaks.Probed.left;
import static com.acme.leaks.Probed.leftInTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkLeaksTest {
  private static final InetAddress HOME = InetAddress.getLoopbackAddress();

  private final List<AutoCloseable> kept = new ArrayList<>();

  private <T extends AutoCloseable> T keep(T opened) {
    kept.add(opened);
    return opened;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : kept) {
      each.close();
    }
  }

  @Test
  void sockets_connectedAndAccepted_areBothFound() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 1, HOME));
    List<Leak> leaks = left(() -> {
      keep(new Socket(HOME, server.getLocalPort()));
      keep(server.accept());
    });

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.SOCKET, LeakKind.SOCKET);
    assertThat(leaks.get(0).name()).endsWith(":" + server.getLocalPort());
  }

  @Test
  void serverSocket_bound_isFoundWithItsAddress() throws Exception {
    List<Leak> leaks = left(() -> keep(new ServerSocket(0, 1, HOME)));

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.SERVER_SOCKET);
    assertThat(leaks.get(0).name()).contains("127.0.0.1:");
  }

  @Test
  void sockets_neverConnectedNorBound_areNoLeaks() throws Exception {
    assertThat(left(() -> {
          keep(new Socket());
          keep(new ServerSocket());
        }))
        .isEmpty();
  }

  @Test
  void channels_open_areFoundByTheirKind() throws Exception {
    List<Leak> leaks = left(() -> {
      keep(ServerSocketChannel.open().bind(null));
      keep(AsynchronousServerSocketChannel.open().bind(null));
      keep(SocketChannel.open());
      keep(DatagramChannel.open());
      keep(new DatagramSocket());
      keep(Selector.open());
    });

    assertThat(leaks)
        .extracting(Leak::kind)
        .containsExactly(
            LeakKind.SERVER_SOCKET,
            LeakKind.SERVER_SOCKET,
            LeakKind.SOCKET,
            LeakKind.DATAGRAM_SOCKET,
            LeakKind.DATAGRAM_SOCKET,
            LeakKind.SELECTOR);
  }

  @Test
  void pipe_open_isOneLeak() throws Exception {
    List<Leak> leaks = left(() -> {
      Pipe pipe = Pipe.open();
      keep(pipe.source());
      keep(pipe.sink());
    });

    assertThat(leaks).extracting(Leak::toString).containsExactly("PIPE source, open");
    assertThat(leaks.get(0).holds()).containsExactly("pipe sink");
  }

  @Test
  void everything_closed_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(() -> {
          new ServerSocket(0, 1, HOME).close();
          ServerSocketChannel.open().bind(null).close();
          SocketChannel.open().close();
          new DatagramSocket().close();
          Selector.open().close();
          Pipe pipe = Pipe.open();
          pipe.source().close();
          pipe.sink().close();
        }))
        .isEmpty();
  }

  @Test
  void httpServer_neverStopped_isOneRoot() throws Exception {
    List<Leak> leaks = left(() -> keep(HttpOfTheJdk.server()));

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.SERVER_SOCKET);
    assertThat(leaks.get(0).holds()).anyMatch(held -> held.contains("HTTP-Dispatcher"));
  }

  @Test
  void httpClient_stillReferenced_isOneRootWithAllThatTheJdkMadeForIt() throws Exception {
    try (OneAnswer server = new OneAnswer()) {
      Object[] client = new Object[1];
      List<Leak> leaks = left(() -> {
        client[0] = HttpOfTheJdk.client();
        HttpOfTheJdk.get(client[0], server.url());
      });

      assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.HTTP_CLIENT);
      assertThat(leaks.get(0).holds()).anyMatch(held -> held.contains("SelectorManager"));
      if (client[0] instanceof AutoCloseable closeable) {
        keep(closeable);
      }
    }
  }

  @Test
  void httpClient_closed_isNoLeak() throws Exception {
    try (OneAnswer server = new OneAnswer()) {
      assertThat(leftInTheEnd(() -> {
            Object client = HttpOfTheJdk.client();
            HttpOfTheJdk.get(client, server.url());
            if (client instanceof AutoCloseable closeable) {
              closeable.close(); // before JDK 21 it ends once nothing refers to it
            }
          }))
          .isEmpty();
    }
  }

  @Test
  void keepAliveConnection_ofAUrl_isTheJdks() throws Exception {
    try (OneAnswer server = new OneAnswer()) {
      assertThat(leftInTheEnd(() -> {
            URLConnection connection = new URL(server.url()).openConnection();
            assertThat(connection.getInputStream().readAllBytes()).hasSize(2);
          }))
          .isEmpty();
    }
  }
}
