package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.buffer.BoundedBuffer;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.hook.GlobalHook;
import io.leaksafe.hook.GlobalSlot;
import io.leaksafe.hook.JulHook;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** How to listen at places of which a process has one. */
@Isolated("the places are the JVM's")
class HooksTest {

  private final CleanupManager app = CleanupManager.create("tracker");
  private final PrintStream err = System.err;

  @AfterEach
  void close() {
    app.close();
    System.setErr(err);
  }

  // region tracker
  static final class ErrorTracker {
    private final BoundedBuffer<String> breadcrumbs = BoundedBuffer.keepLast(50);

    ErrorTracker(Scope owner) {
      GlobalHook.uncaughtExceptions(
          owner, (thread, failure) -> breadcrumbs.offer(thread.getName() + " " + failure));
      GlobalHook.systemErr(owner, line -> breadcrumbs.offer(line));
      JulHook.install(owner, entry -> breadcrumbs.offer(entry.getMessage()));
    }
    // endregion

    List<String> breadcrumbs() {
      return breadcrumbs.snapshot();
    }
  }

  @Test
  void track_byThree_leavesEverythingAsItWas() throws Exception {
    UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    PrintStream quiet = new PrintStream(new ByteArrayOutputStream(), true);
    System.setErr(quiet);
    List<Object> handlers =
        Arrays.asList((Object[]) LogManager.getLogManager().getLogger("").getHandlers());
    List<ErrorTracker> trackers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      trackers.add(new ErrorTracker(app));
    }
    System.err.println("once");
    java.util.logging.Logger.getLogger("com.acme")
        .log(new LogRecord(java.util.logging.Level.SEVERE, "logged"));
    assertThat(trackers)
        .allSatisfy(tracker -> assertThat(tracker.breadcrumbs())
            .filteredOn(crumb -> crumb.equals("once") || crumb.equals("logged"))
            .containsExactly("once", "logged"));
    app.close();
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
    assertThat(System.err).isSameAs(quiet);
    assertThat(LogManager.getLogManager().getLogger("").getHandlers())
        .containsExactlyElementsOf(
            handlers.stream().map(java.util.logging.Handler.class::cast).toList());
  }

  /** A place of somebody else's: a static callback. */
  private static final class Metrics {
    static @Nullable Runnable onTick;
  }

  // region slot
  static final class TickSlot implements GlobalSlot<Runnable, Runnable> {
    @Override
    public Object key() {
      return "Metrics.onTick";
    }

    @Override
    public @Nullable Runnable read() {
      return Metrics.onTick;
    }

    @Override
    public void write(@Nullable Runnable value) {
      Metrics.onTick = value;
    }

    @Override
    public Runnable wrap(@Nullable Runnable original, Told<Runnable> told) {
      return () -> {
        told.tell(Runnable::run);
        if (original != null) {
          original.run();
        }
      };
    }
  }
  // endregion

  private int ticks;

  @Test
  void install_aPlaceOfSomebodyElses_tellsAndRestores() {
    // region install
    Handle<Runnable> hook = GlobalHook.install(app, new TickSlot(), () -> ticks++);
    // endregion
    Runnable layer = Metrics.onTick;
    if (layer != null) {
      layer.run();
    }
    hook.close();
    assertThat(ticks).isEqualTo(1);
    assertThat(Metrics.onTick).isNull();
  }

  @Test
  void close_underAStranger_saysSo() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.leaksafe.hook");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    Handle<Runnable> hook = GlobalHook.install(app, new TickSlot(), () -> ticks++);
    Metrics.onTick = new Stranger(Metrics.onTick);
    hook.close();
    logger.detachAppender(log);
    Metrics.onTick = null;
    assertShown("HooksTest", "stranger", log.list.get(0).toString());
  }

  private record Stranger(@Nullable Runnable under) implements Runnable {
    @Override
    public void run() {
      if (under != null) {
        under.run();
      }
    }
  }
}
