package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is recorded about where things were opened and closed; outside the library's packages, whose frames are cut. */
class OriginTest {

  private final VirtualScheduler time = new VirtualScheduler();
  private final List<CleanupManager> managers = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (CleanupManager manager : managers) {
      time.run(manager::shutdown);
    }
    time.advance(Duration.ofDays(1));
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  private CleanupManager app(Tracking tracking) {
    return build(CleanupManager.builder("app").tracking(tracking));
  }

  private CleanupManager build(CleanupManager.Builder builder) {
    CleanupManager app = builder.timeSource(time).build();
    managers.add(app);
    return app;
  }

  private static Handle<String> openHere(Scope scope) {
    return scope.register("a", "a", a -> {});
  }

  private static void assertOpenedIn(HandleInfo info, String method) {
    assertThat(info.openedAtFrame()).hasValueSatisfying(frame -> {
      assertThat(frame.getClassName()).isEqualTo(OriginTest.class.getName());
      assertThat(frame.getMethodName()).isEqualTo(method);
    });
  }

  @Test
  void origin_ofAHandle_beginsWithTheCallersFrame() {
    HandleInfo info = openHere(app(Tracking.SIMPLE)).info();
    assertOpenedIn(info, "openHere");
    assertThat(info.origin().get(1).getMethodName())
        .isEqualTo("origin_ofAHandle_beginsWithTheCallersFrame");
    assertThat(info.opening())
        .startsWith("opened 0 ns ago by '" + Thread.currentThread().getName()
            + "' at OriginTest.openHere(OriginTest.java:");
  }

  @Test
  void origin_ofEveryKindOfOpening_beginsWithTheCallersFrame() throws Exception {
    CleanupManager app = app(Tracking.SIMPLE);
    app.own("own", () -> {});
    app.registerAsync("async", "a", a -> CompletableFuture.completedStage(a));
    app.open("open", () -> "a", a -> {});
    app.defer("defer", () -> {});
    app.subscribe(l -> {}, l -> {}, "l");
    app.child("child");
    app.group("group", 2);
    assertThat(app.handles())
        .hasSize(7)
        .allSatisfy(
            info -> assertOpenedIn(info, "origin_ofEveryKindOfOpening_beginsWithTheCallersFrame"));
  }

  @Test
  void origin_underSimple_isRecordedForTheFirst100UnderTheRoot() {
    CleanupManager app = app(Tracking.SIMPLE);
    List<Handle<String>> handles = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      handles.add(openHere(app));
    }
    assertThat(handles.subList(0, 100))
        .allMatch(handle -> !handle.info().origin().isEmpty());
    assertThat(handles.subList(100, 150))
        .allMatch(handle -> handle.info().origin().isEmpty());
  }

  @Test
  void origin_underSimple_isNotRecordedInChildren() {
    Scope child = app(Tracking.SIMPLE).child("child");
    assertThat(openHere(child).info().origin()).isEmpty();
    assertThat(openHere(child).info().openedBy())
        .isEqualTo(Thread.currentThread().getName());
  }

  @Test
  void origin_underDisabled_isNotRecordedNorIsTheThread() {
    CleanupManager app = app(Tracking.DISABLED);
    HandleInfo info = openHere(app).info();
    assertThat(info.origin()).isEmpty();
    assertThat(info.openedBy()).isEmpty();
    assertThat(openHere(app.child("child")).info().openedBy()).isEmpty();
    assertThat(info.opening()).isEqualTo("opened 0 ns ago");
  }

  @Test
  void origin_underParanoid_isRecordedForAll() {
    CleanupManager app = app(Tracking.PARANOID);
    Scope child = app.child("child");
    for (int i = 0; i < 300; i++) {
      assertOpenedIn(openHere(child).info(), "openHere");
      assertOpenedIn(openHere(app).info(), "openHere");
    }
    assertThat(app.handles()).noneMatch(info -> info.origin().isEmpty());
  }

  @Test
  void origin_underAdvanced_isRecordedForOneInSampleEvery() {
    CleanupManager app =
        build(CleanupManager.builder("app").tracking(Tracking.ADVANCED).sampleEvery(10));
    Scope child = app.child("child");
    for (int i = 0; i < 900; i++) {
      openHere(child);
    }
    assertThat(child.handles()).filteredOn(info -> !info.origin().isEmpty()).hasSize(90);
  }

  @Test
  void origin_underAdvanced_isRecordedForTheFirst100UnderTheRootToo() {
    CleanupManager app =
        build(CleanupManager.builder("app").tracking(Tracking.ADVANCED).sampleEvery(1_000_000));
    for (int i = 0; i < 500; i++) {
      openHere(app);
    }
    assertThat(app.handles()).filteredOn(info -> !info.origin().isEmpty()).hasSizeBetween(100, 101);
  }

  @Test
  void origin_underAdvanced_isSampledAcrossSmallScopesToo() {
    CleanupManager app =
        build(CleanupManager.builder("app").tracking(Tracking.ADVANCED).sampleEvery(50));
    Scope sessions = app.child("sessions");
    for (int i = 0; i < 1_000; i++) {
      openHere(sessions.child("session"));
    }
    long sampled = sessions.handles().stream()
        .filter(info -> info.name().equals("a") && !info.origin().isEmpty())
        .count();
    assertThat(sampled).as("of 1,000, one in 50").isBetween(1L, 100L);
  }

  @ParameterizedTest
  @EnumSource(names = "DISABLED", mode = EnumSource.Mode.EXCLUDE)
  void origin_ofTheHandleThatMadeANameGrow_isRecorded(Tracking tracking) {
    List<HandleInfo> grown = new ArrayList<>();
    CleanupManager app =
        build(CleanupManager.builder("app").tracking(tracking).listener(new CleanupListener() {
          @Override
          public void growing(HandleInfo newest, int live) {
            grown.add(newest);
          }
        }));
    Scope child = app.child("child");
    for (int i = 0; i < 1_000; i++) {
      openHere(child);
    }
    assertThat(grown).hasSize(1);
    assertOpenedIn(grown.get(0), "openHere");
  }

  // ---- use after close

  private static void closeHere(Handle<String> handle) {
    handle.close();
  }

  @Test
  void useAfterClose_underParanoid_hasTheClosingStackAsCause() {
    Handle<String> handle = openHere(app(Tracking.PARANOID));
    closeHere(handle);
    assertThatThrownBy(handle::get)
        .isInstanceOf(ClosedScopeException.class)
        .satisfies(thrown -> assertThat(thrown.getCause().getStackTrace())
            .extracting(StackTraceElement::getMethodName)
            .contains("closeHere"));
  }

  @Test
  void useAfterTheScopesClose_underParanoid_hasAStackAsCause() {
    CleanupManager app = app(Tracking.PARANOID);
    Scope child = app.child("child");
    Handle<String> handle = openHere(child);
    child.close();
    Throwable thrown = catchThrowable(handle::get);
    assertThat(thrown).isInstanceOf(ClosedScopeException.class);
    assertThat(thrown.getCause().getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .contains("useAfterTheScopesClose_underParanoid_hasAStackAsCause");
  }

  @ParameterizedTest
  @EnumSource(names = "PARANOID", mode = EnumSource.Mode.EXCLUDE)
  void useAfterClose_underLess_hasNoCause(Tracking tracking) {
    Handle<String> handle = openHere(app(tracking));
    closeHere(handle);
    assertThatThrownBy(handle::get).isInstanceOf(ClosedScopeException.class).hasNoCause();
  }

  // ---- in texts

  @Test
  void describe_withAStack_namesTheOpenersFrame() {
    CleanupManager app = app(Tracking.SIMPLE);
    openHere(app);
    assertThat(app.describe())
        .contains("opened by '" + Thread.currentThread().getName()
            + "' at OriginTest.openHere(OriginTest.java:");
  }

  private void hangHere(String resource) {
    time.sleepUninterruptibly(Duration.ofHours(1));
  }

  @Test
  void report_ofAHungCloser_showsTheUsersFramesAndTheOpener() throws Exception {
    CleanupManager app = app(Tracking.SIMPLE);
    time.advance(Duration.ofSeconds(252));
    app.register("hung", "hung", this::hangHere);
    time.advance(Duration.ofSeconds(12));
    time.run(() -> {
      CloseReport report = app.shutdown();
      CloseReport.Entry entry = report.live().get(0);
      assertOpenedIn(entry.handle(), "report_ofAHungCloser_showsTheUsersFramesAndTheOpener");
      assertThat(entry.handle().age()).isEqualTo(Duration.ofSeconds(12));
      assertThat(entry.stuckAt()).extracting(StackTraceElement::getMethodName).contains("hangHere");
      assertThat(entry.stuckAt())
          .as("frames of whoever called the closer")
          .noneMatch(frame -> frame.getClassName().startsWith("io.leaksafe.cleanup"));
      assertThat(report.toString())
          .contains("HUNG")
          .contains(
              "opened 12 s ago by '" + entry.handle().openedBy() + "' at OriginTest.report_of")
          .contains("stuck at ");
    });
  }
}
