package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order things close: priority, then last opened first, then nesting; and that handles() and the report agree. */
class OrderTest extends CleanupTestCase {

  private final CleanupManager app = manager();

  private void closesAs(String... names) {
    List<String> listed = names(app.handles());
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(log).containsExactly(names);
    assertThat(names(report)).isEqualTo(listed);
  }

  @Test
  void close_withinOnePriority_closesTheLastOpenedFirst() {
    open(app, "a");
    open(app, "b");
    open(app, "c");
    closesAs("c", "b", "a");
  }

  @Test
  void close_ofSeveralPriorities_goesFromFirstToLast() {
    open(app, "last").priority(Priority.LAST);
    open(app, "early").priority(Priority.EARLY);
    open(app, "normal");
    open(app, "first").priority(Priority.FIRST);
    open(app, "late").priority(Priority.LATE);
    closesAs("first", "early", "normal", "late", "last");
  }

  @Test
  void close_withinEachPriority_closesTheLastOpenedFirst() {
    for (String round : List.of("1", "2", "3")) {
      for (Priority priority : Priority.values()) {
        open(app, priority + round).priority(priority);
      }
    }
    List<String> expected = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      expected.addAll(List.of(priority + "3", priority + "2", priority + "1"));
    }
    closesAs(expected.toArray(String[]::new));
  }

  @Test
  void priority_setAgain_countsTheLastAndKeepsThePlaceInsideTheGroup() {
    Handle<String> moved = open(app, "opened first");
    open(app, "opened second").priority(Priority.LATE);
    open(app, "opened third").priority(Priority.LATE);
    moved.priority(Priority.FIRST).priority(Priority.LATE);
    closesAs("opened third", "opened second", "opened first");
  }

  @Test
  void subscription_withoutAPriority_closesEarly() {
    app.subscribe(listener -> {}, listener -> log.add("listener"), "l");
    open(app, "normal");
    open(app, "first").priority(Priority.FIRST);
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("first", "listener", "normal");
  }

  @Test
  void child_betweenTwoHandles_closesAsOneBlockAtItsPlace() {
    open(app, "before");
    Scope child = app.child("child");
    open(app, "after");
    open(child, "inner last").priority(Priority.LAST);
    open(child, "inner first").priority(Priority.FIRST);
    assertThat(names(app.handles()))
        .containsExactly("after", "inner first", "inner last", "child", "before");
    CloseReport report = app.shutdown();
    assertThat(names(report))
        .containsExactly("after", "inner first", "inner last", "child", "before");
    assertThat(log).containsExactly("after", "inner first", "inner last", "before");
  }

  @Test
  void child_withAFirstInside_doesNotCloseBeforeItsOwnTurn() {
    Scope child = app.child("child");
    open(child, "inner").priority(Priority.FIRST);
    open(app, "outer");
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("outer", "inner");
  }

  @Test
  void siblings_ofScopes_closeOneAfterTheOther() {
    Scope a = app.child("a");
    Scope b = app.child("b");
    open(a, "a1");
    open(b, "b1");
    open(a, "a2");
    open(b, "b2");
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("b2", "b1", "a2", "a1");
  }

  @Test
  void handles_ofADeepTree_areListedInTheOrderOfTheReport() {
    Scope left = app.child("left");
    Scope right = app.child("right");
    Scope inner = left.child("inner");
    for (Scope scope : List.of(app, left, inner, right, left, app)) {
      for (Priority priority : List.of(Priority.LATE, Priority.EARLY)) {
        open(scope, scope.name() + "-" + priority).priority(priority);
      }
      scope.defer("flush " + scope.name(), () -> {});
      scope.subscribe(listener -> {}, listener -> {}, "l");
    }
    right.group("group", 4).child("member").own("owned", () -> {});
    List<String> listed = paths(app.handles());
    CloseReport report = app.shutdown();
    assertThat(report.entries().stream().map(entry -> entry.handle().path()).toList())
        .isEqualTo(listed);
  }

  @Test
  void handles_ofAGroup_areListedInTheOrderOfTheReport() {
    Scope group = app.group("group", 2);
    open(group, "opened first");
    group.child("a");
    group.child("b");
    open(group, "opened last").priority(Priority.FIRST);
    assertThat(names(app.handles()))
        .containsExactly("b", "a", "opened last", "opened first", "group");
    assertThat(names(app.shutdown()))
        .containsExactly("b", "a", "opened last", "opened first", "group");
  }

  @Test
  void handles_ofAScope_areThoseOfItsSubtreeAlone() {
    Scope child = app.child("child");
    open(app, "a");
    open(child, "b");
    assertThat(names(child.handles())).containsExactly("b");
    assertThat(names(app.handles())).containsExactly("a", "b", "child");
  }

  @Test
  void handles_afterClose_areNone() {
    open(app, "a");
    app.close();
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void handles_isACopy() {
    Handle<String> handle = open(app, "a");
    var listed = app.handles();
    handle.close();
    assertThat(names(listed)).containsExactly("a");
  }

  @Test
  void handles_fromInsideACloser_listsWhatIsStillLive() {
    open(app, "a");
    open(app, "b");
    app.defer("looks", () -> log.addAll(names(app.handles())));
    open(app, "c");
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(log).containsExactly("c", "looks", "b", "a", "b", "a");
  }

  @Test
  void close_ofAThousand_keepsTheOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      open(app, "h" + i);
      expected.add("h" + i);
    }
    Collections.reverse(expected);
    closesAs(expected.toArray(String[]::new));
  }

  @Test
  void close_afterSomeClosedEarly_closesTheRestInOrder() {
    List<Handle<String>> handles = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      handles.add(open(app, "h" + i));
    }
    for (int i : new int[] {9, 0, 4, 5}) {
      handles.get(i).close();
    }
    assertThat(names(app.handles())).containsExactly("h8", "h7", "h6", "h3", "h2", "h1");
    log.clear();
    closesAs("h8", "h7", "h6", "h3", "h2", "h1");
  }
}
