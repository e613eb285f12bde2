package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.tree.TreeCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MovingTest extends CleanupTestCase {

  private final CleanupManager app = manager();
  private final Scope from = app.child("from");
  private final Scope to = app.child("to");

  @AfterEach
  void linksAreWhole() {
    TreeCheck.verify(app);
  }

  @Test
  void adopt_ofAHandle_takesItFromItsOwner() {
    Handle<String> handle = open(from, "a");
    open(to, "b");
    assertThat(to.adopt(handle)).isSameAs(handle);
    assertThat(from.handles()).isEmpty();
    assertThat(names(to.handles())).containsExactly("a", "b");
    assertThat(handle.info().path()).isEqualTo("app/to/a");
    assertThat(handle.get()).isEqualTo("a");
  }

  @Test
  void adopt_intoAScopeThatClosesLater_outlivesItsFirstOwner() {
    Handle<String> handle = open(from, "a");
    to.adopt(handle);
    from.close();
    assertThat(log).isEmpty();
    assertThat(handle.get()).isEqualTo("a");
    to.close();
    assertThat(log).containsExactly("a");
  }

  @Test
  void adopt_countsAsTheLastOpenedOfItsPriority() {
    Handle<String> moved = open(from, "moved");
    open(to, "newer");
    open(to, "late").priority(Priority.LATE);
    to.adopt(moved);
    open(to, "newest");
    to.close();
    assertThat(log).containsExactly("newest", "moved", "newer", "late");
  }

  @Test
  void adopt_keepsPriorityTimeoutAndAge() {
    Handle<String> handle = open(from, "a").priority(Priority.LAST);
    time.advance(seconds(5));
    to.adopt(handle);
    assertThat(handle.info().priority()).isEqualTo(Priority.LAST);
    assertThat(handle.info().age()).isEqualTo(seconds(5));
  }

  @Test
  void adopt_intoItsOwnOwner_makesItTheLastOpened() {
    Handle<String> a = open(from, "a");
    open(from, "b");
    from.adopt(a);
    assertThat(names(from.handles())).containsExactly("a", "b");
    from.close();
    assertThat(log).containsExactly("a", "b");
  }

  @Test
  void adopt_ofADeferredAction_movesItToo() {
    Handle<Action> flush = from.defer("flush", () -> log.add("flushed"));
    app.adopt(flush);
    from.close();
    assertThat(log).isEmpty();
    app.close();
    assertThat(log).containsExactly("flushed");
  }

  @Test
  void adopt_backAndForth_leavesBothListsWhole() {
    Handle<String> handle = open(from, "a");
    open(from, "b");
    open(to, "c");
    for (int i = 0; i < 1_000; i++) {
      to.adopt(handle);
      from.adopt(handle);
    }
    TreeCheck.verify(app);
    assertThat(names(from.handles())).containsExactly("a", "b");
    assertThat(names(to.handles())).containsExactly("c");
  }

  @Test
  void close_ofAnAdoptedHandle_takesItOutOfItsNewOwner() {
    Handle<String> handle = open(from, "a");
    to.adopt(handle).close();
    assertThat(log).containsExactly("a");
    assertThat(to.handles()).isEmpty();
  }

  @Test
  void adopt_byAClosedScope_leavesTheHandleWhereItIs() {
    Handle<String> handle = open(from, "a");
    to.close();
    assertThatThrownBy(() -> to.adopt(handle))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/from/a' was not moved to 'app/to': that scope is closed or closing."
            + " Move it before that.");
    assertThat(handle.get()).isEqualTo("a");
    assertThat(names(from.handles())).containsExactly("a");
  }

  @Test
  void adopt_ofAClosedHandle_throws() {
    Handle<String> handle = open(from, "a");
    handle.close();
    assertThatThrownBy(() -> to.adopt(handle))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/from/a' was not moved to 'app/to': it is closed or closing."
            + " Move it before that.");
  }

  @Test
  void adopt_ofAReleasedHandle_throws() {
    Handle<String> handle = open(from, "a");
    handle.release();
    assertThatThrownBy(() -> to.adopt(handle)).isInstanceOf(ClosedScopeException.class);
    assertThat(to.handles()).isEmpty();
  }

  @Test
  void adopt_fromInsideItsOwnCloser_throws() {
    Handle<?>[] handle = new Handle<?>[1];
    handle[0] = from.register("a", "a", a -> to.adopt(handle[0]));
    assertThatThrownBy(handle[0]::close)
        .isInstanceOf(CleanupException.class)
        .hasCauseInstanceOf(ClosedScopeException.class);
  }

  @Test
  void adopt_ofAHandleOfAnotherManager_throws() {
    Handle<String> handle = open(manager("other"), "a");
    assertThatThrownBy(() -> to.adopt(handle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'other/a' belongs to another root than 'app/to'."
            + " Within one root it can move; for another one, open it there.");
    assertThat(handle.get()).isEqualTo("a");
  }

  @Test
  void adopt_whileTheFirstOwnerCloses_throwsAndTheHandleClosesThere() {
    Handle<String> handle = open(from, "a");
    from.defer(
        "comes too late",
        () -> assertThatThrownBy(() -> to.adopt(handle))
            .isInstanceOf(ClosedScopeException.class)
            .hasMessage(
                "'app/from/a' was not moved to 'app/to': its present owner is closed or closing."
                    + " Move it before that."));
    CloseReport report = from.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(names(report)).containsExactly("comes too late", "a");
    assertThat(to.handles()).isEmpty();
  }

  @Test
  void release_whileTheOwnerCloses_rescuesTheResource() {
    Handle<String> rescued = open(from, "rescued");
    from.defer("rescues", () -> log.add("took " + rescued.release()));
    CloseReport report = from.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(names(report)).containsExactly("rescues");
    assertThat(log).containsExactly("took rescued");
  }

  @Test
  void adopt_byAScopeTheSameCloseReachesLater_closesItThere() {
    open(to, "in the new owner");
    Handle<String> moved = open(from, "moved");
    Scope late = app.child("closes before both");
    late.defer("moves", () -> {});
    app.defer("moves", () -> {
      from.adopt(moved);
      assertThat(to.adopt(moved)).isSameAs(moved);
    });
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("moved", "in the new owner");
    assertThat(moved.info().path()).isEqualTo("app/to/moved");
  }

  // ---- scopes

  @Test
  void moveTo_anotherScope_takesAllItOwnsAlong() {
    Scope built = app.child("built");
    open(built, "socket");
    Scope inner = built.child("inner");
    open(inner, "buffer");
    built.moveTo(to);
    assertThat(paths(app.handles()))
        .containsExactly(
            "app/to/built/inner/buffer",
            "app/to/built/inner",
            "app/to/built/socket",
            "app/to/built",
            "app/to",
            "app/from");
    assertThat(built.state()).isEqualTo(Scope.State.OPEN);
    open(built, "still open");
    to.close();
    assertThat(log).containsExactly("still open", "buffer", "socket");
    assertThat(built.state()).isEqualTo(Scope.State.CLOSED);
  }

  @Test
  void moveTo_outOfAScopeThatCloses_survivesIt() {
    Scope child = from.child("child");
    open(child, "a");
    child.moveTo(app);
    from.close();
    assertThat(child.state()).isEqualTo(Scope.State.OPEN);
    assertThat(log).isEmpty();
    child.close();
    assertThat(log).containsExactly("a");
    assertThat(names(app.handles())).containsExactly("to");
  }

  @Test
  void moveTo_countsAsTheLastOpened() {
    open(to, "opened before");
    open(from, "inside");
    from.moveTo(to);
    open(to, "opened after");
    assertThat(names(to.handles()))
        .containsExactly("opened after", "inside", "from", "opened before");
    to.close();
    assertThat(log).containsExactly("opened after", "inside", "opened before");
  }

  @Test
  void moveTo_itself_throwsAndStays() {
    assertThatThrownBy(() -> from.moveTo(from))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'app/from' cannot move to 'app/from', which is the same scope or stands below it.");
    assertThat(names(app.handles())).containsExactly("to", "from");
  }

  @Test
  void moveTo_aScopeBelowIt_throwsAndStays() {
    Scope below = from.child("x").child("y");
    assertThatThrownBy(() -> from.moveTo(below))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'app/from' cannot move to 'app/from/x/y', which is the same scope or stands below it.");
    assertThat(names(app.handles())).containsExactly("to", "y", "x", "from");
  }

  @Test
  void moveTo_ofARoot_isNotSupported() {
    assertThatThrownBy(() -> app.moveTo(to))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("'app' is a root and has no owner to leave.");
  }

  @Test
  void moveTo_ofARootIntoItself_isNotSupported() {
    assertThatThrownBy(() -> app.moveTo(app)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void moveTo_anotherRoot_throws() {
    CleanupManager other = manager("other");
    assertThatThrownBy(() -> from.moveTo(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'app/from' belongs to another root than 'other'."
            + " Within one root it can move; for another one, open it there.");
  }

  @Test
  void moveTo_aClosedScope_throwsAndStays() {
    to.close();
    assertThatThrownBy(() -> from.moveTo(to))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/from' was not moved to 'app/to': that scope is closed or closing."
            + " Move it before that.");
    assertThat(names(app.handles())).containsExactly("from");
  }

  @Test
  void moveTo_ofAClosedScope_throws() {
    from.close();
    assertThatThrownBy(() -> from.moveTo(to))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("'app/from' was not moved to 'app/to': it is closed or closing."
            + " Move it before that.");
  }

  @Test
  void moveTo_whileItsParentCloses_throwsAndTheScopeClosesThere() {
    Scope child = from.child("child");
    open(child, "a");
    from.defer(
        "comes too late",
        () -> assertThatThrownBy(() -> child.moveTo(to))
            .isInstanceOf(ClosedScopeException.class)
            .hasMessage("'app/from/child' was not moved to 'app/to': its present owner is closed or"
                + " closing. Move it before that."));
    assertThat(from.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("a");
    assertThat(child.state()).isEqualTo(Scope.State.CLOSED);
    assertThat(to.handles()).isEmpty();
  }

  @Test
  void moveTo_ofAGroup_keepsItsWidth() throws Exception {
    Scope group = from.group("group", 2);
    for (int i = 0; i < 4; i++) {
      openSlow(group.child("c" + i), "r" + i, millis(100));
    }
    group.moveTo(to);
    time.run(() -> assertThat(timed(to::close)).isEqualTo(millis(200)));
  }
}
