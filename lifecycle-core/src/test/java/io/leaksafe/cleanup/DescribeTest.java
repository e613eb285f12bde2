package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import org.junit.jupiter.api.Test;

/** The texts people read: describe() and toString(). */
class DescribeTest extends CleanupTestCase {

  /** Without threads and stacks, so that every figure is the test's. */
  private final CleanupManager app =
      build(CleanupManager.builder("orders").tracking(Tracking.DISABLED));

  @Test
  void describe_ofAnEmptyManager_isOneLine() {
    assertThat(app.describe()).isEqualTo("orders  ROOT       NORMAL  0 ns  handles 0\n");
  }

  @Test
  void describe_ofATree_drawsItInClosingOrder() {
    open(app, "redis").priority(Priority.LATE);
    time.advance(seconds(60));
    Scope session = app.child("session-7");
    open(session, "socket");
    open(session, "buffer");
    time.advance(seconds(12));
    open(app, "http").priority(Priority.FIRST);
    assertThat(app.describe()).isEqualTo("""
            orders        ROOT       NORMAL  1 min 12 s  handles 3
            ├─ http       RESOURCE   FIRST   0 ns
            ├─ session-7  SCOPE      NORMAL  12 s        handles 2
            │  ├─ buffer  RESOURCE   NORMAL  12 s
            │  └─ socket  RESOURCE   NORMAL  12 s
            └─ redis      RESOURCE   LATE    1 min 12 s
            """);
  }

  @Test
  void describe_whereTheLastIsAScope_closesTheBranch() {
    Scope session = app.child("session");
    open(session, "socket");
    assertThat(app.describe().lines())
        .extracting(line -> line.replaceAll(" .*", "").isEmpty() ? line.substring(0, 12) : line)
        .last()
        .asString()
        .startsWith("   └─ socket");
  }

  @Test
  void describe_ofAChild_beginsThere() {
    Scope session = app.child("session");
    open(session, "socket");
    open(app, "outside");
    assertThat(session.describe())
        .startsWith("session    SCOPE ")
        .contains("└─ socket")
        .doesNotContain("outside");
  }

  @Test
  void describe_of20HandlesOfOneOwner_showsAll() {
    for (int i = 0; i < 20; i++) {
      open(app, "h" + i);
    }
    assertThat(app.describe().lines()).hasSize(21);
    assertThat(app.describe()).contains("├─ h19", "└─ h0");
  }

  @Test
  void describe_ofMoreThan20HandlesOfOneOwner_shows19AndCountsTheRest() {
    for (int i = 0; i < 1_234; i++) {
      open(app, "h" + i);
    }
    assertThat(app.describe().lines()).hasSize(21).last().isEqualTo("└─ ... and 1,215 more");
  }

  @Test
  void describe_withThreads_saysWhoOpened() {
    CleanupManager tracked = manager("tracked");
    open(tracked, "a");
    assertThat(tracked.describe())
        .contains("opened by '" + Thread.currentThread().getName() + "'");
  }

  @Test
  void describe_afterClose_showsNothingBelow() {
    open(app, "a");
    app.close();
    assertThat(app.describe().lines()).hasSize(1);
  }

  @Test
  void describe_whileClosing_saysWhatIsBeingClosed() throws Exception {
    openSlow(app, "slow", seconds(1));
    time.run(() -> {
      Thread closer = start("closer", app::shutdown);
      time.sleep(millis(100));
      assertThat(app.describe()).contains("└─ slow").contains("state closing");
      join(closer);
    });
  }

  @Test
  void toString_ofScopes_saysPathStateAndCount() throws Exception {
    Scope child = app.child("child");
    open(child, "a");
    assertThat(app).hasToString("Scope 'orders', OPEN, 1 handle");
    assertThat(child).hasToString("Scope 'orders/child', OPEN, 1 handle");
    openSlow(app, "slow", seconds(1));
    time.run(() -> {
      Thread closer = start("closer", app::shutdown);
      time.sleep(millis(100));
      assertThat(app).hasToString("Scope 'orders', CLOSING, 2 handles");
      assertThat(child).hasToString("Scope 'orders/child', OPEN, 1 handle");
      join(closer);
    });
    assertThat(app).hasToString("Scope 'orders', CLOSED, 0 handles");
  }

  @Test
  void toString_ofAHandle_isThatOfItsInfo() {
    Handle<String> handle = open(app, "a");
    time.advance(seconds(5));
    assertThat(handle).hasToString(handle.info().toString());
    assertThat(handle.toString()).isEqualTo("'orders/a' RESOURCE, NORMAL, opened 5 s ago");
  }

  @Test
  void toString_ofABusyScope_countsItsOwnListAlone() {
    Scope child = app.child("child");
    for (int i = 0; i < 1_000; i++) {
      open(child, "h");
    }
    assertThat(app).hasToString("Scope 'orders', OPEN, 1 handle");
    assertThat(child).hasToString("Scope 'orders/child', OPEN, 1,000 handles");
  }
}
