package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** How tasks and closers see the logging and tracing context of whoever gave them. */
class CarryContextTest {

  private final VirtualTime time = VirtualTime.create();
  private final Logger log = (Logger) LoggerFactory.getLogger("shop");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(lines);
    log.setLevel(null);
    MDC.clear();
  }

  // region mdc
  /** Runs a task with the MDC of the thread that gave it, and puts that of its worker back. */
  static Runnable withMdc(Runnable task) {
    Map<String, String> given = MDC.getCopyOfContextMap();
    return () -> {
      Map<String, String> before = MDC.getCopyOfContextMap();
      setMdc(given);
      try {
        task.run();
      } finally {
        setMdc(before);
      }
    };
  }

  private static void setMdc(@Nullable Map<String, String> entries) {
    if (entries == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(entries);
    }
  }

  // endregion

  private CleanupManager manager(UnaryOperator<Runnable> decorator) {
    return CleanupManager.builder("shop")
        .taskDecorator(decorator)
        .timeSource(time)
        .build();
  }

  /** What was logged, with the order it was for, and by which sort of thread. */
  private String printed() {
    return List.copyOf(lines.list).stream()
        .map(line -> "[order=" + line.getMDCPropertyMap().get("order") + "] ["
            + line.getThreadName().replaceAll("\\d+$", "N") + "] "
            + line.getFormattedMessage())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void mdc_ofARequest_isThatOfItsTasksAndClosers() throws Exception {
    // region both
    CleanupManager shop = CleanupManager.builder("shop")
        .taskDecorator(task -> Context.current().wrap(withMdc(task)))
        .timeSource(time)
        .build();
    // endregion
    ManagedScheduler timers = ManagedScheduler.in(shop, "timers");
    Docs.onThreadNamed("http-3", () -> {
      // region request
      MDC.put("order", "A-7");
      Scope order = shop.child("order-A-7");
      order.register("basket", "basket", basket -> log.info("basket closed"));
      timers.ownedBy(order).after(ofSeconds(30), () -> log.info("not paid yet"));
      MDC.clear(); // the request is over, its thread serves another
      // endregion
      log.info("next request");
    });
    time.advance(ofSeconds(30));
    time.run(shop::close);
    assertShown("CarryContextTest", "log", printed());
  }

  @Test
  void context_ofATrace_isThatOfItsTasksAndClosers() throws Exception {
    // region otel
    UnaryOperator<Runnable> traced = task -> Context.current().wrap(task);
    // endregion
    CleanupManager shop = manager(traced);
    ManagedScheduler timers = ManagedScheduler.in(shop, "timers");
    String trace = "0af7651916cd43dd8448eb211c80319c";
    Span span = Span.wrap(SpanContext.create(
        trace, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault()));
    try (var current = span.makeCurrent()) {
      assertThat(current).isNotNull();
      shop.register("basket", "basket", basket -> logTrace("closer"));
      timers.every("poll", ofSeconds(10), () -> logTrace("task"));
    }
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    time.advance(ofSeconds(20));
    time.run(shop::close);

    assertThat(List.copyOf(lines.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("task " + trace, "task " + trace, "closer " + trace);
  }

  private void logTrace(String what) {
    log.info("{} {}", what, Span.current().getSpanContext().getTraceId());
  }

  @Test
  void decorator_thatFails_isLoggedAndTheTaskRuns() throws Exception {
    Logger ours = (Logger) LoggerFactory.getLogger("io.leaksafe.cleanup");
    ours.addAppender(lines);
    try {
      CleanupManager shop = manager(task -> {
        throw new IllegalStateException("no tracer");
      });
      shop.register("basket", "basket", basket -> log.info("basket closed"));
      time.run(shop::close);
    } finally {
      ours.detachAppender(lines);
    }
    List<String> texts =
        List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(texts).contains("basket closed");
    assertShown("CarryContextTest", "failed", "ERROR " + texts.get(0));
  }
}
