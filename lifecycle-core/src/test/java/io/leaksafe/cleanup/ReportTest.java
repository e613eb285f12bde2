package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The report, its table, and the exception that carries it. */
@SuppressWarnings("ThrowableEqualsHashCode") // failures that equal each other are what is tested
class ReportTest extends CleanupTestCase {

  private static final StackTraceElement FRAME =
      new StackTraceElement("com.acme.Feed", "read", "Feed.java", 120);
  private static final StackTraceElement PARK = frame("jdk.internal.misc.Unsafe", "park");
  private static final StackTraceElement AWAIT =
      frame("java.util.concurrent.CountDownLatch", "await");

  private static Entry entry(String name, Outcome outcome, Throwable error, int frames) {
    HandleInfo info = new HandleInfo(
        "orders/" + name,
        name,
        Kind.RESOURCE,
        Priority.NORMAL,
        Instant.EPOCH,
        Duration.ofSeconds(252),
        "main",
        List.of(),
        Map.of());
    return new Entry(
        info,
        outcome,
        Duration.ofMillis(12),
        error,
        IntStream.range(0, frames).mapToObj(i -> FRAME).toList());
  }

  private static CloseReport report(boolean complete, Entry... entries) {
    return new CloseReport(
        "orders", Instant.EPOCH, Duration.ofMillis(1_200), complete, List.of(entries));
  }

  // ---- clean and live

  @Test
  void clean_whenAllClosed_isTrue() {
    assertThat(report(true, entry("a", Outcome.CLOSED, null, 0)).clean()).isTrue();
    assertThat(report(true).clean()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "CLOSED", mode = EnumSource.Mode.EXCLUDE)
  void clean_withAnyOtherOutcome_isFalse(Outcome outcome) {
    assertThat(report(true, entry("a", Outcome.CLOSED, null, 0), entry("b", outcome, null, 0))
            .clean())
        .isFalse();
  }

  @Test
  void clean_whenNotComplete_isFalse() {
    assertThat(report(false, entry("a", Outcome.CLOSED, null, 0)).clean()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void live_isWhatHangsOrIsPending(Outcome outcome) {
    Entry entry = entry("a", outcome, null, 0);
    boolean live = outcome == Outcome.HUNG || outcome == Outcome.PENDING;
    assertThat(entry.live()).isEqualTo(live);
    assertThat(report(true, entry).live()).isEqualTo(live ? List.of(entry) : List.of());
  }

  // ---- where it is stuck

  private static Entry stuckAt(StackTraceElement... stack) {
    Entry entry = entry("feed", Outcome.HUNG, null, 0);
    return new Entry(entry.handle(), entry.outcome(), entry.took(), null, List.of(stack));
  }

  private static StackTraceElement frame(String type, String method) {
    return new StackTraceElement(type, method, null, -2);
  }

  @Test
  void overdue_inTheJdk_namesTheFirstFrameOutside() {
    assertThat(ReportTable.overdue(stuckAt(PARK, AWAIT, FRAME, frame("com.acme.Shop", "close"))))
        .isEqualTo("The closer of 'orders/feed' (opened 4 min 12 s ago by 'main') has been running"
            + " for 12 ms, longer than its share of the time. It is at"
            + " com.acme.Feed.read(Feed.java:120).");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sun.nio.ch.Net",
        "javax.net.ssl.SSLSocket",
        "io.leaksafe.internal.virtual.Seam",
        "io.leaksafe.testkit.VirtualTime"
      })
  void overdue_inOtherMachinery_namesTheFirstFrameOutside(String type) {
    assertThat(ReportTable.overdue(stuckAt(frame(type, "poll"), FRAME)))
        .endsWith(" It is at com.acme.Feed.read(Feed.java:120).");
  }

  @ParameterizedTest
  @ValueSource(strings = {"javafoo.Feed", "io.leaksafe.testkit.VirtualTimeTest"})
  void overdue_inWhatOnlyBeginsLikeMachinery_namesThatFrame(String type) {
    assertThat(ReportTable.overdue(stuckAt(frame(type, "read"), FRAME)))
        .endsWith(".read(Unknown Source).");
  }

  @Test
  void overdue_inTheJdkAlone_namesTheInnermostFrame() {
    assertThat(ReportTable.overdue(stuckAt(PARK, AWAIT)))
        .endsWith(" It is at jdk.internal.misc.Unsafe.park(Unknown Source).");
  }

  @Test
  void toString_ofWhatIsStuckInTheJdk_showsTheWholeStack() {
    assertThat(report(false, stuckAt(PARK, AWAIT, FRAME)).toString().lines())
        .filteredOn(line -> line.contains("stuck at"))
        .extracting(String::strip)
        .containsExactly(
            "stuck at jdk.internal.misc.Unsafe.park(Unknown Source)",
            "stuck at java.util.concurrent.CountDownLatch.await(Unknown Source)",
            "stuck at com.acme.Feed.read(Feed.java:120)");
  }

  // ---- the table

  @Test
  void toString_ofACleanReport_isASummaryAndARowForEach() {
    assertThat(report(
            true, entry("pool", Outcome.CLOSED, null, 0), entry("a", Outcome.CLOSED, null, 0)))
        .hasToString("""
            'orders' closed cleanly in 1.2 s: 2 closed, 0 live
              CLOSED     pool  RESOURCE   NORMAL  12 ms
              CLOSED     a     RESOURCE   NORMAL  12 ms""");
  }

  @Test
  void toString_ofAReportWithoutEntries_saysThatNothingWasOpen() {
    assertThat(report(true))
        .hasToString("'orders' closed cleanly in 1.2 s: nothing was open, 0 live");
  }

  @Test
  void toString_withProblems_putsThemFirstWithTheirReasons() {
    assertThat(report(
            true,
            entry("pool", Outcome.CLOSED, null, 0),
            entry("bad", Outcome.FAILED, new IOException("disk full"), 0),
            entry("slow", Outcome.TIMED_OUT, null, 2)))
        .hasToString("""
            'orders' closed, not cleanly, in 1.2 s: 1 closed, 1 failed, 1 timed out, 0 live
              FAILED     bad   RESOURCE   NORMAL  12 ms
                         opened 4 min 12 s ago by 'main'
                         threw java.io.IOException: disk full
              TIMED_OUT  slow  RESOURCE   NORMAL  12 ms
                         opened 4 min 12 s ago by 'main'
                         stuck at com.acme.Feed.read(Feed.java:120)
                         stuck at com.acme.Feed.read(Feed.java:120)
              CLOSED     pool  RESOURCE   NORMAL  12 ms""");
  }

  @Test
  void toString_ofAnIncompleteReport_saysThatItIsNotClosed() {
    assertThat(report(false, entry("hung", Outcome.HUNG, null, 0)).toString())
        .startsWith("'orders' is not closed after 1.2 s: 1 hung, 1 live\n");
  }

  @Test
  void toString_withAStackOf20Frames_shows8() {
    assertThat(report(false, entry("hung", Outcome.HUNG, null, 20)).toString().lines())
        .filteredOn(line -> line.contains("stuck at"))
        .hasSize(8);
  }

  @Test
  void toString_with40Closed_showsAll() {
    Entry[] entries = IntStream.range(0, 40)
        .mapToObj(i -> entry("r" + i, Outcome.CLOSED, null, 0))
        .toArray(Entry[]::new);
    assertThat(report(true, entries).toString().lines()).hasSize(41);
  }

  @Test
  void toString_with1041Closed_shows40AndCountsTheRest() {
    Entry[] entries = IntStream.range(0, 1_041)
        .mapToObj(i -> entry("r" + i, Outcome.CLOSED, null, 0))
        .toArray(Entry[]::new);
    assertThat(report(true, entries).toString().lines())
        .hasSize(42)
        .last()
        .isEqualTo("  ... and 1,001 more closed");
  }

  @Test
  void toString_with41ProblemsAnd41Closed_caps_both() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 41; i++) {
      entries.add(entry("good" + i, Outcome.CLOSED, null, 0));
      entries.add(entry("bad" + i, Outcome.FAILED, new IOException("disk full"), 0));
    }
    List<String> lines =
        report(true, entries.toArray(Entry[]::new)).toString().lines().toList();
    assertThat(lines).hasSize(1 + 40 * 3 + 1 + 40 + 1);
    assertThat(lines)
        .contains("  ... and 1 more that did not close cleanly", "  ... and 1 more closed");
  }

  @Test
  void toString_withNamesBelow_showsThePathWithoutTheScope() {
    CleanupManager app = manager();
    Scope child = app.child("session-7");
    open(child, "socket");
    assertThat(app.shutdown().toString().lines().skip(1))
        .containsExactly(
            "  CLOSED     session-7/socket  RESOURCE   NORMAL  0 ns",
            "  CLOSED     session-7         SCOPE      NORMAL  0 ns");
  }

  // ---- entries

  @Test
  void entries_ofAClose_sayHowLongEachTook() throws Exception {
    CleanupManager app = manager();
    openSlow(app, "a", millis(30));
    openSlow(app, "b", millis(12));
    Scope child = app.child("child");
    openSlow(child, "c", millis(50));
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(entryOf(report, "a").took()).isEqualTo(millis(30));
      assertThat(entryOf(report, "b").took()).isEqualTo(millis(12));
      assertThat(entryOf(report, "child").took()).isEqualTo(millis(50));
      assertThat(report.took()).isEqualTo(millis(92));
    });
  }

  @Test
  void entries_ofAClose_areCopiesAsOfWhenItBegan() throws Exception {
    CleanupManager app = manager();
    openSlow(app, "a", seconds(1));
    time.advance(seconds(3));
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(entryOf(report, "a").handle().age()).isEqualTo(seconds(3));
      assertThat(report.startedAt()).isEqualTo(time.instant().minusSeconds(1));
    });
  }

  @Test
  void entries_cannotBeChanged() {
    CleanupManager app = manager();
    open(app, "a");
    List<Entry> entries = app.shutdown().entries();
    assertThatThrownBy(() -> entries.remove(0)).isInstanceOf(UnsupportedOperationException.class);
  }

  // ---- the exception

  @Test
  void close_withOneFailure_throwsItAsTheCause() {
    CleanupManager app = manager();
    IOException failure = new IOException("disk full");
    app.defer("bad", () -> {
      throw failure;
    });
    Throwable thrown = catchThrowable(app::close);
    assertThat(thrown).isExactlyInstanceOf(CleanupException.class).hasCause(failure);
    assertThat(thrown.getSuppressed()).isEmpty();
    assertThat(((CleanupException) thrown).report()).isSameAs(app.report());
    assertThat(thrown).hasMessage(app.report().toString());
  }

  @Test
  void close_withSeveralFailures_hasTheFirstAsCauseAndSuppressesTheOthers() {
    CleanupManager app = manager();
    List<Exception> failures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Exception failure = new IllegalStateException("failure " + i);
      failures.add(failure);
      app.defer("bad" + i, () -> {
        throw failure;
      });
    }
    Throwable thrown = catchThrowable(app::close);
    assertThat(thrown).hasCause(failures.get(3));
    assertThat(thrown.getSuppressed())
        .containsExactly(failures.get(2), failures.get(1), failures.get(0));
    assertThat(app.report().entries())
        .extracting(Entry::error)
        .containsExactly(failures.get(3), failures.get(2), failures.get(1), failures.get(0));
  }

  @Test
  void close_whenAllThrowTheSameInstance_suppressesNothing() {
    CleanupManager app = manager();
    IllegalStateException same = new IllegalStateException("the same");
    for (int i = 0; i < 3; i++) {
      app.defer("bad" + i, () -> {
        throw same;
      });
    }
    Throwable thrown = catchThrowable(app::close);
    assertThat(thrown).hasCause(same);
    assertThat(thrown.getSuppressed()).isEmpty();
    assertThat(same.getSuppressed()).isEmpty();
  }

  @Test
  void close_withFailuresThatAreEqual_losesNone() {
    record Details(String text) {}
    final class Equal extends Exception {
      private static final long serialVersionUID = 1L;
      private final transient Details details = new Details("equal");

      @Override
      public boolean equals(Object other) {
        return other instanceof Equal that && details.equals(that.details);
      }

      @Override
      public int hashCode() {
        return details.hashCode();
      }
    }
    CleanupManager app = manager();
    Equal first = new Equal();
    Equal second = new Equal();
    app.defer("second", () -> {
      throw second;
    });
    app.defer("first", () -> {
      throw first;
    });
    Throwable thrown = catchThrowable(app::close);
    assertThat(thrown.getCause()).isSameAs(first);
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0]).isSameAs(second);
  }

  @Test
  void close_withAHungCloser_throwsWithoutCause() throws Exception {
    CleanupManager app = manager();
    openDeaf(app, "hung", Duration.ofHours(1));
    time.run(() -> {
      Throwable thrown = catchThrowable(app::close);
      assertThat(thrown)
          .isExactlyInstanceOf(CleanupException.class)
          .hasNoCause()
          .hasMessageStartingWith("'app' is not closed after ")
          .hasMessageContaining("  HUNG       hung  RESOURCE   NORMAL  ");
    });
  }

  @Test
  void close_withAFailure_throwsAgainAtEachCall() {
    CleanupManager app = manager();
    app.defer("bad", () -> {
      throw new IOException("disk full");
    });
    assertThatThrownBy(app::close).isInstanceOf(CleanupException.class);
    assertThatThrownBy(app::close).isInstanceOf(CleanupException.class);
    assertThat(app.shutdown().clean()).isFalse();
  }

  @Test
  void close_afterALateComer_stillSaysThatItWasNotClean() throws Exception {
    CleanupManager app = manager();
    openDeaf(app, "late", seconds(60));
    time.run(() -> {
      assertThatThrownBy(app::close).isInstanceOf(CleanupException.class);
      time.sleep(seconds(60));
      assertThatThrownBy(app::close)
          .isInstanceOf(CleanupException.class)
          .hasMessageContaining("1 late");
    });
  }

  @Test
  void close_withAVirtualMachineError_throwsItAfterAllHaveRun() {
    CleanupManager app = manager();
    OutOfMemoryError fatal = new OutOfMemoryError("thrown by the test");
    IOException other = new IOException("disk full");
    open(app, "a");
    app.defer("fatal", () -> {
      throw fatal;
    });
    app.defer("other", () -> {
      throw other;
    });
    open(app, "b");
    assertThatThrownBy(app::close).isSameAs(fatal);
    assertThat(fatal.getSuppressed()).containsExactly(other);
    assertThat(log).containsExactly("b", "a");
    assertThat(app.state()).isEqualTo(Scope.State.CLOSED);
  }

  @Test
  void close_withAVirtualMachineErrorCalledTwice_suppressesEachFailureOnce() {
    CleanupManager app = manager();
    StackOverflowError fatal = new StackOverflowError();
    IOException other = new IOException("disk full");
    app.defer("fatal", () -> {
      throw fatal;
    });
    app.defer("other", () -> {
      throw other;
    });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(app::close).isSameAs(fatal);
    }
    assertThat(fatal.getSuppressed()).containsExactly(other);
  }

  @Test
  void close_withAnAssertionError_isAFailureLikeAnyOther() {
    CleanupManager app = manager();
    AssertionError failure = new AssertionError("not fatal");
    app.defer("bad", () -> {
      throw failure;
    });
    assertThatThrownBy(app::close).isInstanceOf(CleanupException.class).hasCause(failure);
  }

  @Test
  void shutdown_withAVirtualMachineError_doesNotThrow() {
    CleanupManager app = manager();
    OutOfMemoryError fatal = new OutOfMemoryError("thrown by the test");
    app.defer("fatal", () -> {
      throw fatal;
    });
    CloseReport report = app.shutdown();
    assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
    assertThat(entryOf(report, "fatal").error()).isSameAs(fatal);
  }

  @Test
  void close_ofAChild_thatFailsInsideACloser_isThatClosersFailure() {
    CleanupManager app = manager();
    Scope child = app.child("child");
    IOException failure = new IOException("disk full");
    child.defer("bad", () -> {
      throw failure;
    });
    app.defer("closes the child", child::close);
    CloseReport report = app.shutdown();
    assertThat(entryOf(report, "closes the child").error())
        .isInstanceOf(CleanupException.class)
        .hasCause(failure);
  }
}
