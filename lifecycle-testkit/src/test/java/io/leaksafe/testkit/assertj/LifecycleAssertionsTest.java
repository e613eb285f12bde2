package io.leaksafe.testkit.assertj;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.schedule.ManagedScheduler;
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
    fails(() -> assertThat(orders).hasNoLiveHandles(), """
            1 handle still live in 'orders', which is open:
              resource 'orders/socket', opened 0 ns ago
            Close them where their work ends, or close 'orders' first.""");
  }

  @Test
  void hasNoLiveHandles_whileTheScopeCloses_saysSo() throws Exception {
    orders.defer("look", () -> fails(() -> assertThat(orders).hasNoLiveHandles(), """
                2 handles still live in 'orders', which is closing:
                  action 'orders/look', state closing, opened 0 ns ago
                  resource 'orders/socket', opened 0 ns ago
                Look again when that has ended."""));
    assertThat(close()).isClean();
  }

  @Test
  void hasNoLiveHandles_afterACloseThatLeftOne_namesItAndTheClose() throws Exception {
    orders.register("stuck", "x", resource -> time.sleepUninterruptibly(Duration.ofHours(1)));
    close();
    fails(() -> assertThat(orders).hasNoLiveHandles(), """
            1 handle still live after 'orders' closed:
              resource 'orders/stuck', state closing, opened 2.5 s ago
            Their closers have not ended; the report of the close says where each is stuck.""");
    time.advance(Duration.ofHours(2));
    assertThat(orders).hasNoLiveHandles();
  }

  @Test
  void hasNoLiveHandles_tracked_namesThreadAndFirstFrame() throws Exception {
    CleanupManager tracked = CleanupManager.builder("tracked")
        .timeSource(time)
        .tracking(Tracking.PARANOID)
        .build();
    ManagedScheduler.in(tracked, "timers").every("heartbeat", Duration.ofSeconds(5), () -> {});
    time.advance(Duration.ofMinutes(4).plusSeconds(12));
    String opener = "opened 4 min 12 s ago by '" + Thread.currentThread().getName()
        + "' at LifecycleAssertionsTest.hasNoLiveHandles_tracked_namesThreadAndFirstFrame(LifecycleAssertionsTest.java:";
    assertThatThrownBy(() -> assertThat(tracked).hasNoLiveHandles())
        .hasMessageStartingWith("2 handles still live in 'tracked', which is open:\n"
            + "  timer 'tracked/timers/heartbeat', runs every 5 s, next in 3 s, ")
        .hasMessageContaining(opener)
        .hasMessageEndingWith("\nClose them where their work ends, or close 'tracked' first.");
    time.run(tracked::close);
  }

  @Test
  void hasNoLiveHandles_ofAKind_ignoresTheOthers() {
    assertThat(orders).hasNoLiveHandles(Kind.TIMER);
    fails(() -> assertThat(orders).hasNoLiveHandles(Kind.RESOURCE), """
            1 handle of kind RESOURCE still live in 'orders', which is open:
              resource 'orders/socket', opened 0 ns ago
            Close them where their work ends, or close 'orders' first.""");
  }

  @Test
  void hasNoLiveHandles_many_listsTheFirst() {
    for (int i = 0; i < 1_021; i++) {
      orders.register("file", "f", resource -> {});
    }
    assertThatThrownBy(() -> assertThat(orders).hasNoLiveHandles())
        .hasMessageStartingWith("1,022 handles still live in 'orders'")
        .hasMessageContaining("\n  ... and 1,002 more\nClose them")
        .message()
        .hasLineCount(23);
  }

  @Test
  void hasLiveHandles_otherCount_listsThem() {
    assertThat(orders).hasLiveHandles(1);
    fails(() -> assertThat(orders).hasLiveHandles(2), """
            Expected 2 handles live in 'orders', but there is 1:
              resource 'orders/socket', opened 0 ns ago""");
    socket.close();
    fails(() -> assertThat(orders).hasLiveHandles(1), """
            Expected 1 handle live in 'orders', but there are 0:
              none""");
  }

  @Test
  void hasLiveHandle_unknownPath_listsWhatIsLive() {
    assertThat(orders).hasLiveHandle("orders/socket");
    fails(
        () -> assertThat(orders).hasLiveHandle("orders/pool"),
        "Expected 'orders/pool' to be live in 'orders', but live are:\n"
            + "  resource 'orders/socket', opened 0 ns ago");
  }

  @Test
  void isOpen_isClosing_isClosed_followTheState() throws Exception {
    assertThat(orders).isOpen();
    fails(() -> assertThat(orders).isClosed(), "Expected 'orders' to be closed, but it is open.");
    fails(() -> assertThat(orders).isClosing(), "Expected 'orders' to be closing, but it is open.");
    orders.defer("look", () -> assertThat(orders).isClosing());
    assertThat(close()).isClean();
    fails(() -> assertThat(orders).isOpen(), "Expected 'orders' to be open, but it is closed.");
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
    fails(() -> assertThat(report).isClean(), "Expected a clean close, but " + report);
    assertThatThrownBy(() -> assertThat(report).isClean()).hasCause(new IOException("gone"));
    fails(
        () -> assertThat(report).hasOutcome("orders/redis", Outcome.CLOSED),
        "Expected 'orders/redis' to be CLOSED, but it is FAILED: " + report);
    fails(
        () -> assertThat(report).hasOutcome("orders/pool", Outcome.CLOSED),
        "Expected 'orders/pool' to be CLOSED, but it is not in the report: " + report);
  }

  @Test
  void hasOutcome_severalOfOnePath_wantsItOfAll() throws Exception {
    orders.register("redis", "r", resource -> {});
    orders.register("redis", "r", resource -> {
      throw new IOException("gone");
    });
    CloseReport report = close();
    fails(
        () -> assertThat(report).hasOutcome("orders/redis", Outcome.CLOSED),
        "Expected 'orders/redis' to be CLOSED, but it is FAILED: " + report);
    fails(
        () -> assertThat(report).hasOutcome("orders/redis", Outcome.FAILED),
        "Expected 'orders/redis' to be FAILED, but it is CLOSED: " + report);
  }

  @Test
  void isComplete_whileOneHangs_showsTheReport() throws Exception {
    orders.register("stuck", "x", resource -> time.sleepUninterruptibly(Duration.ofHours(1)));
    CloseReport report = close();
    fails(() -> assertThat(report).isComplete(), "Expected a complete close, but " + report);
    fails(() -> assertThat(report).hasNoLiveHandles(), "Expected no live handles, but " + report);
    time.advance(Duration.ofHours(2));
  }

  @Test
  void closedInOrder_otherOrder_showsBoth() throws Exception {
    orders.register("http", "h", resource -> {}).priority(Priority.FIRST);
    CloseReport report = close();
    assertThat(report).isClean().closedInOrder("orders/http", "orders/socket");
    fails(() -> assertThat(report).closedInOrder("orders/socket", "orders/http"), """
            Expected 'orders' to close in this order:
              orders/socket
              orders/http
            but it was:
              orders/http
              orders/socket
            Within one priority the last opened closes first.""");
  }

  // ---- handles

  @Test
  void isLive_isClosed_followTheHandle() {
    assertThat(socket).isLive();
    fails(
        () -> assertThat(socket).isClosed(),
        "Expected this to be closed, but it is live: resource 'orders/socket', opened 0 ns ago.");
    socket.close();
    assertThat(socket).isClosed();
    fails(
        () -> assertThat(socket).isLive(),
        "Expected 'orders/socket' to be live, but it is closed, closing or released.");
  }

  @Test
  void isClosed_handleWhoseCloseHasBegun_passes() throws Exception {
    Handle<String> slow =
        orders.register("slow", "x", resource -> time.sleepUninterruptibly(Duration.ofSeconds(1)));
    Thread closer = time.startThread("closer", slow::close);
    time.settle();
    assertThat(slow).isClosed();
    assertThat(orders).hasLiveHandle("orders/slow");
    time.advance(Duration.ofSeconds(1));
    assertThatCode(() -> time.join(closer, Long.MAX_VALUE)).doesNotThrowAnyException();
  }

  // ---- what is known of a handle

  @Test
  void info_ofAHandle_passesWhereItShould() {
    time.advance(Duration.ofMinutes(5));
    assertThat(socket)
        .info()
        .hasKind(Kind.RESOURCE)
        .hasPriority(Priority.NORMAL)
        .hasPath("orders/socket")
        .isOlderThan(Duration.ofMinutes(4));
  }

  @Test
  void info_ofAHandle_failsWithWhatItIs() {
    time.advance(Duration.ofMinutes(5));
    HandleInfo info = socket.info();
    fails(
        () -> assertThat(info).hasKind(Kind.MAP),
        "Expected the kind of 'orders/socket' to be 'map', but it is 'resource'.");
    fails(
        () -> assertThat(info).hasPriority(Priority.LAST),
        "Expected the priority of 'orders/socket' to be 'last', but it is 'normal'.");
    fails(
        () -> assertThat(info).hasPath("orders/pool"),
        "Expected the path of 'orders/socket' to be 'orders/pool', but it is 'orders/socket'.");
    fails(
        () -> assertThat(info).isOlderThan(Duration.ofMinutes(5)),
        "Expected 'orders/socket' to be older than 5 min, but it was opened 5 min ago.");
  }

  @Test
  void wasOpenedBy_handle_isJudgedByItsThread() throws Exception {
    CleanupManager tracked = CleanupManager.builder("tracked").timeSource(time).build();
    HandleInfo info = time.call(() -> tracked.register("pool", "p", pool -> {}).info());
    assertThat(info).wasOpenedBy("virtual-time-call");
    fails(
        () -> assertThat(info).wasOpenedBy("main"),
        "Expected the opener of 'tracked/pool' to be 'main', but it is 'virtual-time-call'.");
    fails(
        () -> assertThat(socket).info().wasOpenedBy("main"),
        "Expected 'orders/socket' to have been opened by 'main', but that is not known. "
            + "Use tracking(SIMPLE) or more.");
    time.run(tracked::close);
  }

  @Test
  void hasDetail_timer_isJudgedByWhatItsKindSays() {
    Handle<Action> sweep =
        ManagedScheduler.in(orders, "timers").every("sweep", Duration.ofSeconds(5), () -> {});
    time.advance(Duration.ofSeconds(12));
    assertThat(sweep).info().hasDetail("runs", "every 5 s").hasDetail("done", "2 times");
    fails(
        () -> assertThat(sweep).info().hasDetail("done", "3 times"),
        "Expected the detail 'done' of 'orders/timers/sweep' to be '3 times', but it is '2 times'.");
    fails(
        () -> assertThat(socket).info().hasDetail("done", "1 time"),
        "Expected 'orders/socket' to have the detail 'done', but it has [].");
  }
}
