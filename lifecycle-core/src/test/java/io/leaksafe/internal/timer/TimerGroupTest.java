package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerGroupTest extends TimerTestCase {

  private final TimerEngine engine = new TimerEngine("app", scarce, null, null);
  private final TimerGroup group = engine.group();

  @Override
  void close() {
    engine.close();
  }

  /** Logs its name when it fires or is abandoned. */
  private final class Member extends Timer {
    private final String name;

    Member(String name) {
      this.name = name;
    }

    @Override
    protected TimerGroup timers() {
      return group;
    }

    @Override
    protected void fire() {
      log(name + (begin() ? " fired" : " was stopped"));
    }

    @Override
    protected void abandoned() {
      log(name + " abandoned");
    }
  }

  private Member schedule(String name, long millis) {
    Member member = new Member(name);
    assertThat(group.schedule(member, in(millis))).isTrue();
    return member;
  }

  @Test
  void schedule_ofSeveral_firesEachInItsTime() {
    schedule("b", 20);
    schedule("a", 10);
    assertThat(group.size()).isEqualTo(2);
    advance(10);
    assertThat(group.size()).isOne();
    advance(10);
    assertThat(log).containsExactly("10 a fired", "20 b fired");
    assertThat(group.size()).isZero();
  }

  @Test
  void cancel_beforeItIsDue_isTrueOnceAndNeitherFiresNorAbandons() {
    Member member = schedule("a", 10);
    assertThat(group.cancel(member)).isTrue();
    assertThat(group.cancel(member)).isFalse();
    assertThat(group.size()).isZero();
    group.drain();
    advance(20);
    assertThat(log).isEmpty();
  }

  @Test
  void cancel_afterItFired_isFalse() {
    Member member = schedule("a", 10);
    advance(10);
    assertThat(group.cancel(member)).isFalse();
  }

  @Test
  void fire_ofAMemberThatWasStoppedWhenDue_isToldSo() {
    List<Member> members = new ArrayList<>();
    Timer stopper = new Timer() {
      @Override
      protected void fire() {
        assertThat(members.get(0).stop()).isTrue();
      }
    };
    engine.schedule(stopper, in(10));
    members.add(schedule("a", 10));
    advance(10);
    assertThat(log).containsExactly("10 a was stopped");
  }

  @Test
  void pending_ofAGroup_isItsMembersAndNoOthers() {
    Member a = schedule("a", 10);
    Member b = schedule("b", 20);
    engine.schedule(
        new Timer() {
          @Override
          protected void fire() {}
        },
        in(5));
    TimerGroup other = engine.group();
    assertThat(other.pending(10)).isEmpty();
    assertThat(group.pending(10)).containsExactly(a, b);
    assertThat(group.pending(1)).hasSize(1);
  }

  @Test
  void drain_withPendingTimers_abandonsEachAndTakesNewOnes() {
    schedule("a", 10);
    schedule("b", 20);
    group.drain();
    assertThat(log).containsExactly("0 a abandoned", "0 b abandoned");
    schedule("c", 10);
    advance(30);
    assertThat(log).endsWith("10 c fired").hasSize(3);
  }

  @Test
  void seal_withPendingTimers_abandonsEachAndRefusesNewOnes() {
    schedule("a", 10);
    group.close();
    assertThat(group.schedule(new Member("late"), in(10))).isFalse();
    assertThat(group.size()).isZero();
    advance(30);
    assertThat(log).containsExactly("0 a abandoned");
    group.close();
    group.drain();
    assertThat(log).hasSize(1);
  }

  @Test
  void close_ofOneGroup_leavesTheOthers() {
    TimerGroup other = engine.group();
    schedule("a", 10);
    other.close();
    advance(10);
    assertThat(log).containsExactly("10 a fired");
  }

  @Test
  void schedule_afterTheEngineClosed_isFalse() {
    schedule("a", 10);
    engine.close();
    assertThat(group.schedule(new Member("b"), in(10))).isFalse();
    assertThat(group.size()).isZero();
    group.close();
    assertThat(log).isEmpty();
  }

  @Test
  void schedule_whenNoThreadCanBeStarted_leavesNothingPending() {
    threadsLeft.set(0);
    Member member = new Member("a");
    assertThatThrownBy(() -> group.schedule(member, in(10))).isInstanceOf(OutOfMemoryError.class);
    assertThat(group.size()).isZero();
    assertThat(group.cancel(member)).isFalse();
  }
}
