package io.leaksafe.testkit.assertj;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each assertion passes where it should, and fails where it should with exactly this message. */
class LifecycleAssertionsTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager orders = CleanupManager.builder("orders")
      .timeSource(time)
      .tracking(Tracking.DISABLED)
      .build();
  private Handle<String> socket;

  @BeforeEach
  void openASocket() {
    socket = orders.register("socket", "s", resource -> {});
  }

  @AfterEach
  void closeAll() throws Exception {
    time.run(orders::shutdown);
  }

  private void fails(ThrowingCallable assertion, String message) {
    assertThatThrownBy(assertion)
        .isInstanceOf(AssertionError.class)
        .hasMessage(message.replace("%n", "\n"));
  }

  private CloseReport close() throws Exception {
    return time.call(orders::shutdown);
  }

  // ---- scopes

  @Test
  void hasNoLiveHandles_afterTheClose_passes() throws Exception {
    close();
    assertThat(orders)
        .hasNoLiveHandles()
        .hasNoLiveHandles(Kind.RESOURCE)
        .hasLiveHandles(0)
        .isClosed();
  }

  @Test
  void hasNoLiveHandles_whileOneIsLive_namesIt() {
    fails(
        () -> assertThat(orders).hasNoLiveHandles(),
        "1 handle still live in 'orders', which is open:\n"
            + "  'orders/socket' RESOURCE, NORMAL, opened 0 ns ago\n"
            + "Close them where they are used, or close their scope.");
  }

  @Test
  void hasNoLiveHandles_afterACloseThatLeftOne_namesItAndTheClose() throws Exception {
    orders.register("stuck", "x", resource -> time.sleepUninterruptibly(Duration.ofHours(1)));
    close();
    assertThatThrownBy(() -> assertThat(orders).hasNoLiveHandles())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "1 handle still live after 'orders' closed:\n  'orders/stuck' RESOURCE, NORMAL");
    time.advance(Duration.ofHours(2));
    assertThat(orders).hasNoLiveHandles();
  }

  @Test
  void hasNoLiveHandles_ofAKind_ignoresTheOthers() {
    assertThat(orders).hasNoLiveHandles(Kind.TIMER);
    fails(
        () -> assertThat(orders).hasNoLiveHandles(Kind.RESOURCE),
        "1 RESOURCE handle still live in 'orders', which is open:\n"
            + "  'orders/socket' RESOURCE, NORMAL, opened 0 ns ago\n"
            + "Close them where they are used, or close their scope.");
  }

  @Test
  void hasLiveHandles_otherCount_listsThem() {
    assertThat(orders).hasLiveHandles(1);
    fails(
        () -> assertThat(orders).hasLiveHandles(2),
        "Expected 2 handles live in 'orders', but there are 1:\n"
            + "  'orders/socket' RESOURCE, NORMAL, opened 0 ns ago");
  }

  @Test
  void hasLiveHandle_unknownPath_listsWhatIsLive() {
    assertThat(orders).hasLiveHandle("orders/socket");
    fails(
        () -> assertThat(orders).hasLiveHandle("orders/pool"),
        "Expected 'orders/pool' to be live in 'orders', but live are:\n"
            + "  'orders/socket' RESOURCE, NORMAL, opened 0 ns ago");
  }

  @Test
  void isOpen_isClosing_isClosed_followTheState() throws Exception {
    assertThat(orders).isOpen();
    fails(() -> assertThat(orders).isClosed(), "Expected 'orders' to be CLOSED, but it is OPEN.");
    fails(() -> assertThat(orders).isClosing(), "Expected 'orders' to be CLOSING, but it is OPEN.");
    orders.defer("look", () -> assertThat(orders).isClosing());
    assertThat(close()).isClean();
    fails(() -> assertThat(orders).isOpen(), "Expected 'orders' to be OPEN, but it is CLOSED.");
  }

  @Test
  void nullActual_failsAsAssertJDoes() {
    assertThatThrownBy(() -> assertThat((Scope) null).hasNoLiveHandles())
        .hasMessageContaining("Expecting actual not to be null");
  }

  // ---- reports

  @Test
  void isClean_afterAFailure_showsTheReport() throws Exception {
    orders.register("redis", "r", resource -> {
      throw new IOException("gone");
    });
    CloseReport report = close();
    assertThat(report).isComplete().hasNoLiveHandles().hasOutcome("orders/redis", Outcome.FAILED);
    fails(() -> assertThat(report).isClean(), "Expected a clean close, but\n" + report);
    fails(
        () -> assertThat(report).hasOutcome("orders/redis", Outcome.CLOSED),
        "Expected 'orders/redis' to be CLOSED, but it is FAILED.\n" + report);
    fails(
        () -> assertThat(report).hasOutcome("orders/pool", Outcome.CLOSED),
        "Expected 'orders/pool' to be CLOSED, but it is not in the report.\n" + report);
  }

  @Test
  void isComplete_whileOneHangs_showsTheReport() throws Exception {
    orders.register("stuck", "x", resource -> time.sleepUninterruptibly(Duration.ofHours(1)));
    CloseReport report = close();
    fails(() -> assertThat(report).isComplete(), "Expected a complete close, but\n" + report);
    fails(() -> assertThat(report).hasNoLiveHandles(), "Expected no live handles, but\n" + report);
    time.advance(Duration.ofHours(2));
  }

  @Test
  void closedInOrder_otherOrder_showsBoth() throws Exception {
    orders.register("http", "h", resource -> {}).priority(Priority.FIRST);
    CloseReport report = close();
    assertThat(report).isClean().closedInOrder("orders/http", "orders/socket");
    fails(
        () -> assertThat(report).closedInOrder("orders/socket", "orders/http"),
        "Expected this order of closing:\n  orders/socket\n  orders/http\n"
            + "but it was:\n  orders/http\n  orders/socket");
  }

  // ---- handles

  @Test
  void isLive_isClosed_followTheHandle() {
    assertThat(socket).isLive();
    fails(
        () -> assertThat(socket).isClosed(),
        "Expected this to be closed, but it is live: 'orders/socket' RESOURCE, NORMAL, opened 0 ns ago.");
    socket.close();
    assertThat(socket).isClosed();
    fails(
        () -> assertThat(socket).isLive(),
        "Expected 'orders/socket' to be live, but it is closed, closing or released.");
  }

  @Test
  void info_ofAHandle_isJudgedByEachOfItsParts() {
    time.advance(Duration.ofMinutes(5));
    HandleInfo info = socket.info();
    assertThatCode(() -> assertThat(socket)
            .info()
            .hasKind(Kind.RESOURCE)
            .hasPriority(Priority.NORMAL)
            .hasPath("orders/socket")
            .wasOpenedBy("")
            .isOlderThan(Duration.ofMinutes(4)))
        .doesNotThrowAnyException();
    String itself = "'orders/socket' RESOURCE, NORMAL, opened 5 min ago.";
    fails(
        () -> assertThat(info).hasKind(Kind.MAP),
        "Expected kind MAP, but it is RESOURCE: " + itself);
    fails(
        () -> assertThat(info).hasPriority(Priority.LAST),
        "Expected priority LAST, but it is NORMAL: " + itself);
    fails(
        () -> assertThat(info).hasPath("x"), "Expected path x, but it is orders/socket: " + itself);
    fails(
        () -> assertThat(info).wasOpenedBy("main"),
        "Expected openedBy main, but it is : " + itself);
    fails(
        () -> assertThat(info).isOlderThan(Duration.ofMinutes(5)),
        "Expected this to be older than PT5M, but it is not: " + itself);
  }
}
