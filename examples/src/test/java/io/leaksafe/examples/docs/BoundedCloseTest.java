package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static io.leaksafe.handle.Priority.EARLY;
import static io.leaksafe.handle.Priority.FIRST;
import static io.leaksafe.handle.Priority.LAST;
import static io.leaksafe.handle.Priority.LATE;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The order of a close, and how its time is shared out. */
class BoundedCloseTest {

  private final VirtualTime time = VirtualTime.create();
  private final List<String> printed = new ArrayList<>();
  private final List<String> order = new ArrayList<>();

  private CleanupManager manager(String name) {
    return CleanupManager.builder(name).timeSource(time).listener(new Printer()).build();
  }

  @Test
  void shutdown_closersThatHang_shareTheTimeOut() throws Exception {
    CleanupManager app = manager("shares");
    app.defer("works-2", () -> time.sleep(ofMillis(10)));
    app.defer("hangs-4", this::hang);
    app.defer("works-1", () -> time.sleep(ofMillis(10)));
    app.defer("hangs-3", this::hang);
    app.defer("hangs-2", this::hang);
    app.defer("hangs-1", this::hang);
    CloseReport report = time.call(app::shutdown);
    print("all", "back at the caller");
    assertThat(report.live()).hasSize(4);
    assertShown("BoundedCloseTest", "shares", String.join("\n", printed));
    time.advance(ofDays(2));
    assertThat(app.report().entries())
        .extracting(CloseReport.Entry::outcome)
        .doesNotContain(Outcome.HUNG);
  }

  @Test
  void shutdown_twelveOfFortyHang_closesTheOther28InTime() throws Exception {
    CleanupManager app = manager("forty");
    for (int i = 0; i < 28; i++) {
      app.defer("works", () -> order.add("closed"));
    }
    for (int i = 0; i < 12; i++) {
      app.defer("hangs", this::hang);
    }
    time.call(app::shutdown);
    assertThat(order).hasSize(28);
    assertThat(time.elapsed()).isLessThan(ofMillis(5_100));
    time.advance(ofDays(2));
  }

  @Test
  void shutdown_prioritiesAndScopes_closesInThisOrder() throws Exception {
    CleanupManager app = manager("order");
    // region order
    app.register("log", "log", this::closed).priority(LAST);
    app.register("redis", "redis", this::closed).priority(LATE);
    app.register("cache", "cache", this::closed);
    Scope session = app.child("session");
    session.register("buffer", "buffer", this::closed).priority(EARLY);
    session.register("socket", "socket", this::closed).priority(LATE);
    app.register("journal", "journal", this::closed);
    app.register("http", "http", this::closed).priority(FIRST);
    // endregion
    time.run(app::close);
    assertShown("BoundedCloseTest", "order", String.join("\n", order));
  }

  private void closed(String name) {
    order.add(name);
  }

  private void hang() {
    time.sleepUninterruptibly(ofHours(30));
  }

  private void print(String name, String what) {
    printed.add(String.format(
        Locale.ROOT, "%8.1f ms  %-7s  %s", time.elapsed().toNanos() / 1e6, name, what));
  }

  private final class Printer implements CleanupListener {
    @Override
    public void overdue(HandleInfo handle, Duration running, List<StackTraceElement> stuckAt) {
      print(
          handle.name(),
          String.format(Locale.ROOT, "interrupted after %.1f ms", running.toNanos() / 1e6));
    }

    @Override
    public void closed(CloseReport.Entry entry) {
      if (entry.outcome() == Outcome.CLOSED && time.elapsed().compareTo(ofSeconds(6)) < 0) {
        print(entry.handle().name(), "closed");
      }
    }
  }
}
