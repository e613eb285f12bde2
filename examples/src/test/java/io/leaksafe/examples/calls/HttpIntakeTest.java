package io.leaksafe.examples.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.handle.Priority;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpIntakeTest {

  private final CleanupManager calls = CleanupManager.create("calls");
  private int port;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    port = new CallService(calls, Settings.of(data, 0)).port();
  }

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void post_webhook_movesTheCall() throws Exception {
    RawHttp.Reply reply = RawHttp.post(port, Webhooks.json("c-1", "ringing"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.head()).contains("Content-Type: application/json");
    assertThat(reply.body())
        .isEqualTo(
            "{\"callId\":\"c-1\",\"event\":\"ringing\",\"result\":\"accepted\",\"state\":\"ringing\"}");
  }

  @Test
  void post_lateWebhook_saysWhereTheCallIs() throws Exception {
    RawHttp.post(port, Webhooks.json("c-1", "answered"));

    assertThat(RawHttp.post(port, Webhooks.json("c-1", "ringing")).body())
        .contains("\"result\":\"out_of_order\",\"state\":\"answered\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no json", "[]", "{}", "{\"callId\":1}"})
  void post_malformed_isA400ThatSaysWhatToSend(String body) throws Exception {
    RawHttp.Reply reply = RawHttp.post(port, body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains("Send ");
    assertThat(statistics("malformed")).isEqualTo(1);
  }

  @Test
  void post_bodyOf64KiB_isRead() throws Exception {
    assertThat(RawHttp.post(port, " ".repeat(64 * 1024)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {64 * 1024 + 1, 1_000_000})
  void post_oversized_isA413(int length) throws Exception {
    RawHttp.Reply reply = RawHttp.post(port, "x".repeat(length));

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.error())
        .isEqualTo("The body must have at most 64 KiB. Send one webhook per request.");
    assertThat(statistics("oversized")).isEqualTo(1);
  }

  @Test
  void post_oversizedWithoutALength_isA413() throws Exception {
    try (RawHttp http = new RawHttp(port)) {
      http.write(
          "POST /webhooks/call HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 10; i++) {
        http.write("2800\r\n" + "x".repeat(0x2800) + "\r\n");
      }
      http.write("0\r\n\r\n");

      assertThat(http.read().status()).isEqualTo(413);
    }
  }

  @Test
  void get_unknownPath_isA404() throws Exception {
    RawHttp.Reply reply = RawHttp.get(port, "/nothing");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.error())
        .isEqualTo("There is no GET /nothing. Webhooks go to POST /webhooks/call.");
  }

  @Test
  void put_knownPath_isA405ThatNamesTheMethod() throws Exception {
    RawHttp.Reply reply = RawHttp.send(port, "PUT /webhooks/call", "{}");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.error()).isEqualTo("PUT /webhooks/call is not served. Use POST.");
  }

  @Test
  void brokenRequest_isA400InJson() throws Exception {
    RawHttp.Reply reply = RawHttp.get(port, "/a%zz");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isNotBlank();
  }

  @Test
  void get_health_countsWhatIsThere() throws Exception {
    RawHttp.post(port, Webhooks.json("c-1", "answered"));

    RawHttp.Reply reply = RawHttp.get(port, "/health");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith("{\"service\":\"calls\",\"status\":\"OPEN\",\"ready\":true,\"uptime\":\"PT")
        .contains("\"live\":1", "\"pending\":1", "\"busy\":1");
  }

  @Test
  void get_memory_hasHeapHandlesAndThreads() throws Exception {
    RawHttp.Reply reply = RawHttp.get(port, "/health/memory");

    assertThat(reply.json().get("heapUsed").longValue()).isPositive();
    assertThat(reply.json().get("threads").intValue()).isPositive();
    assertThat(reply.json().get("handles").toString())
        .isEqualTo("{\"RESOURCE\":4,\"ACTION\":1,\"SCHEDULER\":1,\"TIMER\":3,\"MAP\":4}");
  }

  @Test
  void get_statistics_countsEventsAndOutcomes() throws Exception {
    for (String event :
        new String[] {"answered", "ringing", "answered", "transferred", "completed"}) {
      RawHttp.post(port, Webhooks.json("c-1", event));
    }

    String webhooks =
        RawHttp.get(port, "/admin/statistics/today").json().get("webhooks").toString();

    assertThat(webhooks)
        .contains(
            "\"accepted\":3,\"duplicates\":1,\"outOfOrder\":1,\"malformed\":0,\"oversized\":0")
        .contains("\"events\":{\"answered\":1,\"transferred\":1,\"completed\":1}")
        .contains("\"outcomes\":{\"transferred\":1}");
  }

  @Test
  void get_line_saysWhetherItIsBusy() throws Exception {
    RawHttp.post(port, Webhooks.json("c-1", "transferred"));

    RawHttp.Reply reply = RawHttp.get(port, "/lines/" + Webhooks.LINE);

    assertThat(reply.body())
        .startsWith(
            "{\"line\":\"+12125550100\",\"busy\":true,\"activeCalls\":0,\"heldUntil\":\"20");
  }

  @Test
  void get_tree_drawsWhatIsLive() throws Exception {
    RawHttp.Reply reply = RawHttp.get(port, "/admin/tree");

    assertThat(reply.head()).contains("Content-Type: text/plain");
    assertThat(reply.body())
        .contains(
            "http",
            "requests",
            "timers",
            "flush",
            "report",
            "new day",
            "transfers",
            "pending calls",
            "finished calls",
            "final flush",
            "journal file",
            "folder lock");
  }

  @Test
  void closing_newWebhook_isA503AndReadinessIsOff() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    calls
        .defer("hold", asked::await)
        .priority(Priority.FIRST); // opened last, so it closes before the server does
    CompletableFuture<CloseReport> close = CompletableFuture.supplyAsync(calls::shutdown);
    awaitClosing();
    try {
      RawHttp.Reply reply = RawHttp.post(port, Webhooks.json("c-1", "ringing"));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.error()).startsWith("The service is closing");
      RawHttp.Reply health = RawHttp.get(port, "/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.body()).contains("\"status\":\"CLOSING\",\"ready\":false");
    } finally {
      asked.countDown();
    }
    assertThat(close.get().clean()).isTrue();
  }

  @Test
  void close_requestUnderWay_isAnsweredFirst() throws Exception {
    String body = Webhooks.json("c-1", "ringing");
    try (RawHttp http = new RawHttp(port)) {
      http.write(
          "POST /webhooks/call HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
              + body.length() + "\r\n\r\n");
      assertThat(http.readHead()).as("it waits for the body").startsWith("HTTP/1.1 100");
      CompletableFuture<CloseReport> close = CompletableFuture.supplyAsync(calls::shutdown);
      awaitRefusing();

      http.write(body);

      assertThat(http.read().body()).contains("\"result\":\"accepted\"");
      assertThat(close.get().clean()).isTrue();
    }
  }

  @Test
  void start_portInUse_saysSoInOneLineAndLeavesNothing(@TempDir Path data) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanupManager other = CleanupManager.create("other")) {
      assertThatThrownBy(() -> new CallService(other, Settings.of(data, taken.getLocalPort())))
          .isInstanceOf(CannotRun.class)
          .hasMessage(
              "Port %d is in use. End the program that listens there, or choose another one with --port; 0 takes any that is free.",
              taken.getLocalPort());
      assertThat(other.shutdown().clean()).isTrue();
      assertThat(other.handles()).isEmpty();
    }
  }

  private long statistics(String name) throws Exception {
    return RawHttp.get(port, "/admin/statistics/today")
        .json()
        .get("webhooks")
        .get(name)
        .longValue();
  }

  private void awaitClosing() {
    while (calls.state() == CleanupManager.State.OPEN) {
      Thread.onSpinWait();
    }
  }

  /** Until the first step of the close has begun: new requests are turned away. */
  private void awaitRefusing() throws Exception {
    while (RawHttp.get(port, "/admin/tree").status() != 503) {
      Thread.onSpinWait();
    }
  }
}
