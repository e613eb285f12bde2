package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static io.leaksafe.examples.docs.Docs.assertShownButForTimes;
import static io.leaksafe.handle.Priority.FIRST;
import static io.leaksafe.handle.Priority.LATE;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Tracking;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How to find out what is still alive. */
class FindWhatIsLiveTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager shop =
      Docs.madeBy("main", () -> CleanupManager.builder("shop").timeSource(time).build());
  private volatile boolean hanging = true;
  private long turns;

  private void open() {
    shop.register("redis", "redis", redis -> {}).priority(LATE);
    ManagedScheduler timers = ManagedScheduler.in(shop, "timers");
    timers.every("flush", ofMinutes(1), () -> {});
    Scope session = shop.child("session");
    session.register("socket", "socket", socket -> {});
    shop.register("http", "http", http -> {}).priority(FIRST);
  }

  @Test
  void describe_anOpenManager_drawsTheTree() throws Exception {
    Docs.onThreadNamed("main", this::open);
    time.advance(ofSeconds(90));
    // region describe
    String tree = shop.describe();
    // endregion
    assertShown("FindWhatIsLiveTest", "tree", tree);
    time.run(shop::close);
  }

  @Test
  void handles_anOpenManager_listsThemInClosingOrder() throws Exception {
    open();
    time.advance(ofSeconds(90));
    // region handles
    List<HandleInfo> live = shop.handles();
    List<HandleInfo> old =
        live.stream().filter(handle -> handle.age().compareTo(ofMinutes(1)) > 0).toList();
    Map<Kind, Long> byKind = live.stream().collect(groupingBy(HandleInfo::kind, counting()));
    // endregion
    assertThat(live)
        .extracting(HandleInfo::name)
        .containsExactly("http", "flush", "timers", "socket", "session", "redis");
    assertThat(old).hasSize(6);
    assertThat(byKind).containsEntry(Kind.RESOURCE, 3L).containsEntry(Kind.TIMER, 1L);
    time.run(shop::close);
  }

  @Test
  void shutdown_oneCloserHangs_saysWhichAndWhere() {
    CleanupManager market =
        CleanupManager.builder("market").timeout(ofMinutes(1)).build(); // of real time
    Docs.onThreadNamed("main", () -> openWhatHangs(market));
    StringBuilder printed = new StringBuilder();
    // region report
    CloseReport report = market.shutdown();
    if (!report.clean()) {
      printed.append(report);
    }
    // endregion
    hanging = false;
    assertThat(turns).isPositive();
    assertShownButForTimes("FindWhatIsLiveTest", "report", printed.toString());
  }

  private void openWhatHangs(Scope owner) {
    owner.register("db", "db", db -> {});
    owner.register("feed", "feed", this::awaitGoodbye).timeout(ofMillis(500));
    owner.register("cache", "cache", cache -> {
      throw new IllegalStateException("the disk is full");
    });
  }

  /** Ignores interrupts, and keeps its own frame on top of the stack. */
  private void awaitGoodbye(String feed) {
    while (hanging) {
      turns++;
    }
  }

  @Test
  void listener_overdueCloser_isToldWithItsStack() throws Exception {
    List<String> alarms = new ArrayList<>();
    // region listener
    CleanupListener alarm = new CleanupListener() {
      @Override
      public void overdue(HandleInfo handle, Duration running, List<StackTraceElement> stuckAt) {
        alarms.add(handle.path() + " hangs");
      }

      @Override
      public void growing(HandleInfo newest, int live) {
        alarms.add(live + " x " + newest.path());
      }
    };
    CleanupManager app = CleanupManager.builder("feeds")
        .listener(alarm)
        .warnAbove(100)
        .warnAfter(ofHours(1))
        .timeSource(time)
        .build();
    // endregion
    Scope scope = app.child("scope");
    for (int i = 0; i < 100; i++) {
      scope.register("socket", "socket", socket -> {});
    }
    scope.register("feed", "feed", feed -> time.sleep(ofHours(1)));
    time.call(app::shutdown);
    assertThat(alarms).containsExactly("100 x feeds/scope/socket", "feeds/scope/feed hangs");
  }

  @Test
  void check_oldHandles_listsThem() throws Exception {
    CleanupManager app = CleanupManager.builder("feeds").timeSource(time).build();
    Scope scope = app.child("scope");
    // region age
    scope.register("upload", "upload", upload -> {}).warnAfter(ofMinutes(10));
    // endregion
    time.advance(ofMinutes(11));
    // region check
    List<HandleInfo> tooOld = app.check();
    // endregion
    assertThat(tooOld).extracting(HandleInfo::path).containsExactly("feeds/scope/upload");
    time.run(app::close);
  }

  @Test
  void check_afterALeaseWasDropped_namesWhoDroppedIt() throws Exception {
    Logger ours = (Logger) LoggerFactory.getLogger("io.leaksafe.cleanup");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    ours.addAppender(logged);
    CleanupManager app = CleanupManager.builder("feeds").timeSource(time).build();
    LeasedMap<String, Connection> connections = BoundedMap.<String, Connection>in(
            app, "connections")
        .maximumSize(100)
        .buildLeased(Connection::close);
    Docs.onThreadNamed("main", () -> useOne(connections));
    Garbage.collect();
    assertThat(app.check()).extracting(HandleInfo::path).containsExactly("feeds/connections/eu-1");
    ours.detachAppender(logged);
    assertShown(
        "FindWhatIsLiveTest",
        "leaked",
        logged.list.get(0).getLevel() + " " + logged.list.get(0).getFormattedMessage());
    time.run(app::close);
  }

  /** Stands for a connection. */
  private record Connection(String to) implements AutoCloseable {
    @Override
    public void close() {}
  }

  private static void useOne(LeasedMap<String, Connection> connections) {
    connections.put("eu-1", new Connection("eu-1"));
    // region dropped-use
    Connection connection =
        connections.lease("eu-1").orElseThrow().get(); // and who closes the lease?
    // endregion
    assertThat(connection.to()).isEqualTo("eu-1");
  }

  @Test
  void tracking_paranoid_knowsWhereEveryHandleWasOpened() throws Exception {
    // region tracking
    CleanupManager app = CleanupManager.builder("feeds")
        .tracking(Tracking.PARANOID)
        .timeSource(time)
        .build();
    // endregion
    app.child("scope").register("socket", "socket", socket -> {});
    assertThat(app.handles())
        .allSatisfy(handle -> assertThat(handle.openedAtFrame()).isPresent());
    time.run(app::close);
  }
}
