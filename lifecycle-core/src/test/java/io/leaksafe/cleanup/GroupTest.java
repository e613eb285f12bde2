package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Priority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTest extends CleanupTestCase {

  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  /** Opens a child whose one closer takes a while and is counted as it runs. */
  private Scope member(Scope group, String name, Duration takes) {
    Scope member = group.child(name);
    member.register(name, name, resource -> {
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      time.sleep(takes);
      atOnce.decrementAndGet();
      log.add(resource);
    });
    return member;
  }

  @Test
  void close_of10_000SessionsOf5Ms_width16_fitsInto5Seconds() throws Exception {
    CleanupManager app = manager();
    Scope sessions = app.group("sessions", 16);
    for (int i = 0; i < 10_000; i++) {
      member(sessions, "s" + i, millis(5));
    }
    time.run(() -> {
      Duration took = timed(() -> assertThat(app.shutdown().clean()).isTrue());
      assertThat(took).isEqualTo(millis(5 * 10_000 / 16));
    });
    assertThat(log).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(mostAtOnce).hasValue(16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 100})
  void close_neverClosesMoreThanTheWidthAtATime(int width) throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", width);
    for (int i = 0; i < 30; i++) {
      member(group, "m" + i, millis(10L * (1 + i % 3)));
    }
    time.run(app::close);
    assertThat(log).hasSize(30);
    assertThat(mostAtOnce).hasValue(Math.min(30, width));
  }

  @Test
  void close_byItsUser_usesTheWholeWidth() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 4);
    for (int i = 0; i < 8; i++) {
      member(group, "m" + i, millis(10));
    }
    time.run(() -> assertThat(timed(group::close)).isEqualTo(millis(20)));
    assertThat(mostAtOnce).hasValue(4);
    assertThat(app.handles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void close_ofAGroupOfAnyWidth_closesItsScopesBeforeTheRest(int width) throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", width);
    open(group, "older");
    member(group, "a", millis(10));
    member(group, "b", millis(20));
    open(group, "newer").priority(Priority.FIRST);
    time.run(app::close);
    assertThat(log.subList(0, 2)).containsExactlyInAnyOrder("a", "b");
    assertThat(log.subList(2, 4)).containsExactly("newer", "older");
  }

  @Test
  void close_ofAGroupAmongOthers_isOneBlock() throws Exception {
    CleanupManager app = manager();
    open(app, "before");
    Scope group = app.group("group", 3);
    open(app, "after");
    for (int i = 0; i < 3; i++) {
      member(group, "m" + i, millis(10L * (3 - i)));
    }
    time.run(app::close);
    assertThat(log).containsExactly("after", "m2", "m1", "m0", "before");
  }

  @Test
  void close_ofAMember_keepsTheOrderInsideIt() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 8);
    for (int i = 0; i < 8; i++) {
      Scope member = group.child("m" + i);
      openSlow(member, i + "-1", millis(3));
      openSlow(member, i + "-2", millis(i));
      openSlow(member, i + "-3", millis(7));
    }
    time.run(app::close);
    for (int i = 0; i < 8; i++) {
      int member = i;
      assertThat(log.stream().filter(name -> name.startsWith(member + "-")))
          .containsExactly(i + "-3", i + "-2", i + "-1");
    }
  }

  @Test
  void close_withAMemberThatHangs_losesThatOneAlone() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 2);
    for (int i = 0; i < 20; i++) {
      member(group, "m" + i, millis(5));
    }
    Scope bad = group.child("bad");
    openSlow(bad, "closes after the hung one", millis(5));
    openDeaf(bad, "hung", Duration.ofHours(1));
    for (int i = 20; i < 40; i++) {
      member(group, "m" + i, millis(5));
    }
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.live()).hasSize(1);
      assertThat(outcomeOf(report, "hung")).isEqualTo(Outcome.HUNG);
      assertThat(outcomeOf(report, "closes after the hung one")).isEqualTo(Outcome.CLOSED);
      assertThat(report.took()).isLessThan(seconds(5));
    });
    assertThat(log).hasSize(41);
    assertThat(mostAtOnce).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void close_withAsManyHungMembersAsTheWidth_closesAllOthers() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 4);
    for (int i = 0; i < 50; i++) {
      member(group, "m" + i, millis(5));
    }
    for (int i = 0; i < 4; i++) {
      openDeaf(group.child("bad" + i), "hung" + i, Duration.ofHours(1));
    }
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.live()).hasSize(4);
      assertThat(report.entries())
          .filteredOn(e -> e.outcome() == Outcome.CLOSED)
          .hasSize(50 * 2 + 4 + 1);
    });
    assertThat(log).hasSize(50);
  }

  @Test
  void close_ofAGroupWithoutScopes_isThatOfAChild() {
    CleanupManager app = manager();
    Scope group = app.group("group", 4);
    open(group, "a");
    open(group, "b");
    app.close();
    assertThat(log).containsExactly("b", "a");
  }

  @Test
  void close_ofAnEmptyGroup_isClean() {
    CleanupManager app = manager();
    app.group("group", 4);
    assertThat(app.shutdown().clean()).isTrue();
  }

  @Test
  void close_ofAGroupInAGroup_isPartOfItsMember() throws Exception {
    CleanupManager app = manager();
    Scope outer = app.group("outer", 2);
    for (int i = 0; i < 3; i++) {
      Scope member = outer.child("member" + i);
      open(member, "after" + i);
      Scope inner = member.group("inner" + i, 3);
      for (int j = 0; j < 6; j++) {
        member(inner, i + "-" + j, millis(10));
      }
    }
    time.run(() -> assertThat(app.shutdown().clean()).isTrue());
    assertThat(mostAtOnce).hasValue(6);
    assertThat(log).hasSize(3 * 7);
    for (int i = 0; i < 3; i++) {
      int member = i;
      List<String> ofMember = log.stream()
          .filter(name -> name.startsWith(member + "-") || name.equals("after" + member))
          .toList();
      assertThat(ofMember).last().isEqualTo("after" + i);
    }
  }

  @Test
  void close_ofAGroupThatIsAMemberItself_closesItsOwnScopesAtOnce() throws Exception {
    CleanupManager app = manager();
    Scope outer = app.group("outer", 2);
    for (int i = 0; i < 2; i++) {
      Scope inner = outer.group("inner" + i, 2);
      for (int j = 0; j < 4; j++) {
        member(inner, i + "-" + j, millis(10));
      }
    }
    time.run(() -> assertThat(timed(app::close)).isEqualTo(millis(20)));
    assertThat(mostAtOnce).hasValue(4);
  }

  @Test
  void closeOfMembers_byTheirUsers_leavesTheGroupOpen() {
    CleanupManager app = manager();
    Scope group = app.group("group", 4);
    Scope a = group.child("a");
    Scope b = group.child("b");
    open(a, "a1");
    open(b, "b1");
    a.close();
    assertThat(group.state()).isEqualTo(Scope.State.OPEN);
    assertThat(names(group.handles())).containsExactly("b1", "b");
  }

  @Test
  void close_thenNoThreadOfTheGroupIsLeft() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 8);
    for (int i = 0; i < 20; i++) {
      member(group, "m" + i, millis(i));
    }
    time.run(app::close);
    time.settle();
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  @Test
  void closersThatThrow_inManyMembers_areAllReported() throws Exception {
    CleanupManager app = manager();
    Scope group = app.group("group", 4);
    for (int i = 0; i < 12; i++) {
      int member = i;
      group.child("m" + i).register("r" + i, "r", r -> {
        throw new IllegalStateException("failure " + member);
      });
    }
    time.run(() -> {
      CloseReport report = app.shutdown();
      assertThat(report.complete()).isTrue();
      assertThat(report.clean()).isFalse();
      assertThat(report.entries())
          .filteredOn(e -> e.outcome() == Outcome.FAILED)
          .hasSize(12);
    });
  }
}
