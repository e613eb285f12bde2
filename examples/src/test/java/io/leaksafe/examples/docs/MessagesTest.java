package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Tracking;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The messages that the reference explains. */
class MessagesTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager orders =
      CleanupManager.builder("orders").timeSource(time).warnAbove(100).build();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.leaksafe");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private @Nullable Level level;

  @BeforeEach
  void listen() {
    level = logger.getLevel();
    logger.setLevel(Level.DEBUG);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setLevel(level);
  }

  private static void thrown(String name, ThrowingCallable body) {
    assertShown("MessagesTest", name, String.valueOf(catchThrowable(body).getMessage()));
  }

  private void logged(String name, String part) {
    assertShown("MessagesTest", name, lineWith(part));
  }

  private String lineWith(String part) {
    List<String> lines = List.copyOf(log.list).stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .filter(line -> line.contains(part))
        .toList();
    assertThat(lines).as("log lines with '%s'", part).isNotEmpty();
    return lines.get(lines.size() - 1);
  }

  // ---- exceptions

  @Test
  void register_scopeIsClosed_saysSo() throws Exception {
    Scope session = orders.child("session");
    session.close();
    thrown("late", () -> session.register("socket", "socket", socket -> {}));
    thrown("not-opened", () -> session.open("socket", () -> "socket", socket -> {}));
    time.run(orders::close);
  }

  @Test
  void get_handleIsClosed_saysSo() throws Exception {
    Handle<String> socket = orders.register("socket", "socket", it -> {});
    socket.close();
    thrown("closed-handle", socket::get);
    time.run(orders::close);
  }

  @Test
  void close_closerThrew_saysSo() throws Exception {
    Docs.onThreadNamed("main", this::closeWhatFails);
    logged("log-failed", "reset by peer");
    time.run(orders::close);
  }

  private void closeWhatFails() {
    Handle<String> socket = orders.register("socket", "socket", it -> {
      throw new IllegalStateException("reset by peer");
    });
    thrown("failed-handle", socket::close);
  }

  @Test
  void every_schedulerIsClosed_saysSo() throws Exception {
    Scope session = orders.child("session");
    ManagedScheduler timers = ManagedScheduler.in(session, "timers");
    ScheduledExecutorService executor = timers.asScheduledExecutorService();
    executor.shutdown();
    thrown("rejected", () -> executor.execute(() -> {}));
    session.close();
    thrown("late-timer", () -> timers.every("sweep", ofMinutes(5), () -> {}));
    time.run(orders::close);
  }

  @Test
  void adopt_anotherRoot_saysSo() throws Exception {
    CleanupManager stock = CleanupManager.builder("stock").timeSource(time).build();
    Handle<String> socket = stock.register("socket", "socket", it -> {});
    thrown("other-root", () -> orders.adopt(socket));
    time.run(orders::close);
    time.run(stock::close);
  }

  @Test
  void build_settingsThatContradict_saysSo() {
    thrown(
        "twice",
        () -> CleanupManager.builder("orders").timeout(ofSeconds(5)).timeout(ofSeconds(9)));
    thrown("no-effect", () -> CleanupManager.builder("orders").sampleEvery(10).build());
    thrown(
        "no-effect-warn",
        () -> CleanupManager.builder("orders")
            .tracking(Tracking.DISABLED)
            .warnAbove(9)
            .build());
  }

  // ---- log lines

  @Test
  void shutdown_clean_isOneLine() throws Exception {
    orders.register("socket", "socket", it -> {});
    time.run(orders::close);
    logged("log-closed", "'orders' closed 1 handle");
  }

  @Test
  void shutdown_closerHangs_isTold() throws Exception {
    Docs.onThreadNamed("main", () -> openWhatHangs(orders));
    time.advance(ofMinutes(3));
    time.call(orders::shutdown);
    time.advance(ofHours(1));
    logged("log-overdue", "The closer of 'orders/feed'");
  }

  private void openWhatHangs(Scope owner) {
    owner.register("feed", "feed", this::awaitGoodbye);
  }

  private void awaitGoodbye(String feed) {
    time.sleepUninterruptibly(ofHours(1));
  }

  @Test
  void shutdown_closerComesBackAfterTheEnd_isTold() throws Exception {
    orders.register("feed", "feed", feed -> time.sleepUninterruptibly(ofHours(1)));
    time.call(orders::shutdown);
    time.advance(ofHours(1));
    logged("log-late", "A closer of 'orders' came back");
  }

  @Test
  void register_manyOfOneName_isWarnedOf() throws Exception {
    Docs.onThreadNamed("main", this::connectAndForget);
    logged("log-growing", "named 'socket' in 'orders/feed'");
    time.run(orders::close);
  }

  private void connectAndForget() {
    Scope scope = orders.child("feed");
    for (int i = 0; i < 100; i++) {
      scope.register("socket", "socket", it -> {});
    }
  }

  @Test
  void warnAfter_handleGetsOld_isWarnedOf() throws Exception {
    Docs.onThreadNamed("main", this::upload);
    time.advance(ofMinutes(10));
    logged("log-old", "'orders/upload' has been live");
    time.run(orders::close);
  }

  private void upload() {
    orders.register("upload", "upload", it -> {}).warnAfter(ofMinutes(8));
  }

  @Test
  void every_taskThrows_isLogged() throws Exception {
    time.ignoreTaskFailures();
    ManagedScheduler.in(orders, "timers").every("sweep", ofMinutes(5), () -> {
      throw new IllegalStateException("the store is away");
    });
    time.advance(ofMinutes(5));
    logged("log-timer", "'orders/timers/sweep'");
    time.run(orders::close);
  }

  @Test
  void close_aSecondTime_isDebugged() throws Exception {
    Handle<String> socket = orders.register("socket", "socket", it -> {});
    socket.close();
    socket.close();
    logged("log-again", "'orders/socket' was closed again");
    time.run(orders::close);
  }
}
