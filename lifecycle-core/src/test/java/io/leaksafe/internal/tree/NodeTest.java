package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a node: which transitions there are, and which do nothing. */
class NodeTest extends TreeTestCase {

  private final HandleNode<String> node = top.attach("a");

  @Test
  void node_whenAttached_isLiveAndListed() {
    assertThat(node.isLive()).isTrue();
    assertThat(node.isClosing()).isFalse();
    assertThat(node.isClosed()).isFalse();
    assertThat(node.owner()).isSameAs(top);
    assertThat(node.root()).isSameAs(root);
    assertThat(node.path()).isEqualTo("app/a");
    assertThat(names(top.inClosingOrder())).containsExactly("a");
  }

  @Test
  void claim_ofALiveNode_succeedsOnceAndKeepsItListed() {
    assertThat(node.claim()).isTrue();
    assertThat(node.claim()).isFalse();
    assertThat(node.isClosing()).isTrue();
    assertThat(top.size()).isOne();
  }

  @Test
  void over_afterClaim_takesItOut() {
    node.claim();
    node.over();
    assertThat(node.isClosed()).isTrue();
    assertThat(top.size()).isZero();
    assertThat(node.owner()).isSameAs(top);
  }

  @Test
  void release_ofALiveNode_takesItOutForGood() {
    assertThat(node.release()).isEqualTo("a");
    assertThat(node.claim()).isFalse();
    assertThat(node.isClosed()).isFalse();
    assertThat(node.isLive()).isFalse();
    assertThat(top.size()).isZero();
  }

  @Test
  void release_afterClaim_throws() {
    node.claim();
    assertThatThrownBy(node::release).isInstanceOf(ClosedScopeException.class);
    assertThat(top.size()).isOne();
  }

  @Test
  void endedByItself_ofALiveNode_isToldAndSucceedsOnce() {
    assertThat(node.endedByItself()).isTrue();
    assertThat(node.endedByItself()).isFalse();
    assertThat(log).containsExactly("opened a", "closed a");
    assertThat(top.size()).isZero();
  }

  @Test
  void endedByItself_afterClaim_doesNothing() {
    node.claim();
    assertThat(node.endedByItself()).isFalse();
    assertThat(node.isClosing()).isTrue();
  }

  @Test
  void close_again_countsEachSurplusCall() {
    node.close();
    for (int i = 1; i <= 3; i++) {
      node.close();
      assertThat(log).last().isEqualTo("doubleClosed a " + i);
    }
    assertThat(node.info().details()).containsExactly(Map.entry("closed again", "3 times"));
  }

  @Test
  void closedAgain_moreOftenThanCanBeCounted_staysAtTheMost() {
    node.close();
    int most = (1 << 19) - 1;
    for (int i = 0; i < most + 10; i++) {
      node.closedAgain();
    }
    assertThat(node.surplusCloses()).isEqualTo(most);
    assertThat(node.isClosed()).isTrue();
    assertThat(node.kind()).isEqualTo(Kind.RESOURCE);
    assertThat(node.closingPriority()).isEqualTo(Priority.NORMAL);
  }

  @ParameterizedTest
  @EnumSource
  void kindAndPriority_ofEverySort_surviveTheBits(Kind kind) {
    for (Priority priority : Priority.values()) {
      HandleNode<String> each = top.attach("k", kind, priority, "k", k -> {});
      assertThat(each.kind()).isEqualTo(kind);
      assertThat(each.closingPriority()).isEqualTo(priority);
      each.claim();
      assertThat(each.kind()).isEqualTo(kind);
      assertThat(each.closingPriority()).isEqualTo(priority);
      each.over();
      assertThat(each.kind()).isEqualTo(kind);
      assertThat(each.closingPriority()).isEqualTo(priority);
    }
  }

  @ParameterizedTest
  @EnumSource
  void priority_changed_touchesNothingElse(Priority priority) {
    node.priority(priority);
    assertThat(node.closingPriority()).isEqualTo(priority);
    assertThat(node.kind()).isEqualTo(Kind.RESOURCE);
    assertThat(node.isLive()).isTrue();
  }

  @Test
  void timer_refusesWhatOnlyItsSchedulerMayDo() {
    HandleNode<String> timer = top.attach("t", Kind.TIMER, Priority.NORMAL, "t", t -> {});
    assertThatThrownBy(() -> timer.priority(Priority.LAST))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("Timer 'app/t' cannot change its priority; it closes with its scheduler.");
    assertThatThrownBy(timer::release)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Timer 'app/t' cannot be released; without its scheduler nothing would run it. Close it.");
    assertThat(timer.isLive()).isTrue();
  }

  @Test
  void describeBy_aSupplier_isAskedEachTime() {
    int[] asked = new int[1];
    node.describeBy(() -> Map.of("asked", "" + ++asked[0]));
    assertThat(node.info().details()).containsEntry("asked", "1");
    assertThat(node.info().details()).containsEntry("asked", "2");
    node.close();
    node.close();
    assertThat(node.info().details()).containsKey("asked").containsEntry("closed again", "1 time");
  }

  @Test
  void details_whileClosing_sayThat() {
    node.claim();
    assertThat(node.info().details()).containsExactly(Map.entry("state", "closing"));
  }

  @Test
  void details_cannotBeChanged() {
    node.claim();
    Map<String, String> details = node.info().details();
    assertThatThrownBy(() -> details.put("a", "b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void reportAge_isTrueTheFirstTime() {
    assertThat(node.reportAge()).isTrue();
    assertThat(node.reportAge()).isFalse();
    assertThat(node.isLive()).isTrue();
  }

  @Test
  void runCloser_showsTheThreadThatRunsIt() throws Exception {
    Thread[] seen = new Thread[1];
    HandleNode<?>[] self = new HandleNode<?>[1];
    self[0] = top.attach(
        "c", Kind.RESOURCE, Priority.NORMAL, "c", c -> seen[0] = self[0].closingThread());
    assertThat(self[0].closingThread()).isNull();
    self[0].claim();
    self[0].runCloser();
    assertThat(seen[0]).isSameAs(Thread.currentThread());
    self[0].over();
    assertThat(self[0].closingThread()).isNull();
  }

  @Test
  void isWithin_followsTheOwners() {
    Owner child = top.child("child");
    HandleNode<String> below = child.attach("b");
    assertThat(below.isWithin(below)).isTrue();
    assertThat(below.isWithin(child)).isTrue();
    assertThat(below.isWithin(top)).isTrue();
    assertThat(node.isWithin(child)).isFalse();
    assertThat(child.isWithin(below)).isFalse();
    assertThat(top.isWithin(top)).isTrue();
  }
}
