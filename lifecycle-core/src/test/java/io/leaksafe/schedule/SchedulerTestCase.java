package io.leaksafe.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/**
 * A virtual time, a manager and a scheduler for each test. After the test the manager is closed, and then nothing may be left:
 * no handle, no key, no view, no pending timer, no thread.
 */
abstract class SchedulerTestCase {

  static {
    // On the module path tests are part of core's module, which does not read the log's.
    Module ours = SchedulerTestCase.class.getModule();
    for (String log : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
      ModuleLayer.boot().findModule(log).ifPresent(module -> ours.addReads(module));
    }
  }

  static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** The name of the manager, by which the log is told apart from that of other tests. */
  final String root = getClass().getSimpleName();

  final VirtualScheduler time;
  final CleanupManager app;
  final TaskScheduler timers;

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger = logger();

  SchedulerTestCase() {
    this(new VirtualScheduler());
  }

  SchedulerTestCase(Instant start) {
    this(new VirtualScheduler(start));
  }

  private SchedulerTestCase(VirtualScheduler time) {
    this.time = time;
    this.app =
        CleanupManager.builder(getClass().getSimpleName()).timeSource(time).build();
    this.timers = TaskScheduler.open(app, "timers");
  }

  /** Other test classes may be the first to log, at this very moment; SLF4J has only a stand-in until that is done. */
  private static Logger logger() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger(ManagedScheduler.class.getPackageName());
  }

  @BeforeEach
  final void listenToTheLog() {
    appender.list =
        new CopyOnWriteArrayList<>(); // test classes run in parallel and share the logger
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    time.run(app::shutdown);
    logger.detachAppender(appender);
    assertThat(app.report().live()).as("live after the close").isEmpty();
    assertThat(app.handles()).as("handles left behind").isEmpty();
    assertThat(pending()).as("pending timers left behind").isZero();
    assertThat(timers.size()).as("tasks left behind").isZero();
    assertThat(keysOf(timers)).as("keys left behind").isEmpty();
    assertThat(viewsOf(timers)).as("views left behind").isEmpty();
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  /** Adds a line that begins with the present moment in milliseconds. */
  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  /** A task that logs its name. */
  final Action logs(String name) {
    return () -> log(name);
  }

  /** A task that logs its begin and its end, with the given time in between. */
  final Action takes(String name, Duration length) {
    return () -> {
      log(name + " begins");
      time.sleep(length);
      log(name + " ends");
    };
  }

  /** What the package's logger was told about this test's manager. */
  final List<ILoggingEvent> logged() {
    return appender.list.stream()
        .filter(event -> event.getFormattedMessage().contains("'" + root + "/"))
        .toList();
  }

  final List<String> messages() {
    return logged().stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  final List<HandleInfo> live(Kind kind) {
    return app.handles().stream().filter(handle -> handle.kind() == kind).toList();
  }

  /** The paths of the live timers, without the manager's name. */
  final List<String> timerPaths() {
    return live(Kind.TIMER).stream()
        .map(handle -> handle.path().substring(root.length() + 1))
        .toList();
  }

  /** How many timers of any kind the manager's engine has pending. */
  final int pending() {
    return OwnerNode.of(app).root().engine.pending();
  }

  static TaskScheduler view(ManagedScheduler scheduler, Scope scope) {
    return (TaskScheduler) scheduler.ownedBy(scope);
  }

  static Collection<?> keysOf(TaskScheduler scheduler) {
    return ((Map<?, ?>) field(scheduler, "keys")).keySet();
  }

  static Collection<?> viewsOf(TaskScheduler scheduler) {
    return ((Map<?, ?>) field(scheduler, "views")).keySet();
  }

  private static Object field(TaskScheduler scheduler, String name) {
    try {
      var field = TaskScheduler.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(scheduler);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** More tasks than there are threads to run them at a time. */
  static int moreThanThreads() {
    return 2 * Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
  }

  /** A time source that passes everything on to another. */
  static class Forwarding implements TimeSource {
    private final TimeSource to;

    Forwarding(TimeSource to) {
      this.to = to;
    }

    @Override
    public long nanoTime() {
      return to.nanoTime();
    }

    @Override
    public Instant instant() {
      return to.instant();
    }

    @Override
    public void park(Object blocker, long nanos) {
      to.park(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
      to.unpark(thread);
    }

    @Override
    public Thread startThread(String name, Runnable body) {
      return to.startThread(name, body);
    }

    @Override
    public boolean join(Thread thread, long nanos) {
      return to.join(thread, nanos);
    }
  }
}
