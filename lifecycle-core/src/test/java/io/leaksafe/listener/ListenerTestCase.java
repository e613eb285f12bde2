package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.internal.tree.TreeCheck;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** A manager in virtual time and a registry for each test; after it nothing may be live, and nobody may be called. */
abstract class ListenerTestCase {

  /** Told one event. */
  @FunctionalInterface
  interface Heard {
    void on(String event) throws Exception;
  }

  static {
    // On the module path tests are part of core's module, which does not read the log's.
    Module ours = ListenerTestCase.class.getModule();
    for (String log : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
      ModuleLayer.boot().findModule(log).ifPresent(module -> ours.addReads(module));
    }
  }

  /** The name of the manager, by which the log is told apart from that of other tests. */
  final String root = getClass().getSimpleName();

  final VirtualScheduler time = new VirtualScheduler();
  final CleanupManager app = build();
  final ListenerRegistry<Heard> events = ListenerRegistry.in(app, "events");

  /** What listeners were told, in order. */
  final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger = logger();

  CleanupManager build() {
    return CleanupManager.builder(root).timeSource(time).build();
  }

  private static Logger logger() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger(ListenerRegistry.class.getPackageName());
  }

  @BeforeEach
  final void listenToTheLog() {
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    ListenerCheck.verify(events);
    TreeCheck.verify(app);
    time.run(app::shutdown);
    logger.detachAppender(appender);
    assertThat(app.handles()).isEmpty();
    assertThat(events.size()).isZero();
    heard.clear();
    fire("after the close");
    assertThat(heard).isEmpty();
    ListenerCheck.verify(events);
  }

  final void fire(String event) {
    events.fire(Heard::on, event);
  }

  /** A listener that notes what it is told behind its name. */
  final Heard hears(String name) {
    return event -> heard.add(name + " " + event);
  }

  /** What was logged of this test's manager. */
  final List<String> logged() {
    return appender.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("'" + root + "/"))
        .toList();
  }
}
