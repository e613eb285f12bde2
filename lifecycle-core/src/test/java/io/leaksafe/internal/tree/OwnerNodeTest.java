package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists of nodes: adding, sealing, leaving, moving, and where they spread over several lanes. */
class OwnerNodeTest extends TreeTestCase {

  @Test
  void attach_afterSeal_runsTheCloserAndThrows() {
    Owner child = top.child("child");
    child.close();
    assertThatThrownBy(() -> child.attach("late"))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app/child' is closing; 'late'");
    assertThat(child.size()).isZero();
    child.endClose();
    assertThatThrownBy(() -> child.attach("later"))
        .hasMessageStartingWith("'app/child' is closed; 'later'");
  }

  @Test
  void seal_listsWhatIsThereInClosingOrder() {
    Owner child = top.child("child");
    child.attach("a");
    child.attach("b");
    assertThat(names(child.close())).containsExactly("b", "a");
  }

  @Test
  void endedOwner_withoutNodes_leavesItsOwner() {
    Owner child = top.child("child");
    child.close();
    child.endClose();
    assertThat(child.isClosed()).isTrue();
    assertThat(top.size()).isZero();
  }

  @Test
  void endedOwner_withANodeStillLive_leavesWithTheLastOfThem() {
    Owner outer = top.child("outer");
    Owner inner = outer.child("inner");
    HandleNode<String> a = inner.attach("a");
    HandleNode<String> b = inner.attach("b");
    a.claim();
    b.claim();
    inner.close();
    inner.endClose();
    outer.close();
    outer.endClose();
    assertThat(outer.isClosed()).isTrue();
    assertThat(top.size()).isOne();
    a.over();
    assertThat(top.size()).isOne();
    assertThat(names(inner.inClosingOrder())).containsExactly("b");
    b.over();
    assertThat(top.size()).isZero();
    assertThat(outer.size()).isZero();
  }

  @Test
  void endedOwner_twice_isHarmless() {
    Owner child = top.child("child");
    top.attach("neighbour");
    child.close();
    child.endClose();
    child.endClose();
    assertThat(names(top.inClosingOrder())).containsExactly("neighbour");
  }

  @Test
  void whenClosed_isRunAtTheEndOfTheClose() {
    Owner child = top.child("child");
    child.whenClosed(() -> log.add("told, closed " + child.isClosed()));
    child.close();
    log.clear();
    child.endClose();
    assertThat(log).containsExactly("told, closed true");
  }

  @Test
  void collectOlderThan_looksAtTheOldEndAlone() {
    List<HandleNode<String>> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      nodes.add(top.attach("n" + i));
      time.advance(Duration.ofSeconds(1));
    }
    List<Node> old = new ArrayList<>();
    top.collectOlderThan(nodes.get(2).openedAt(), old);
    assertThat(names(old)).containsExactly("n0", "n1", "n2");
    old.clear();
    top.collectOlderThan(nodes.get(0).openedAt() - 1, old);
    assertThat(old).isEmpty();
  }

  @Test
  void moveHere_betweenOwners_changesBothLists() {
    Owner a = top.child("a");
    Owner b = top.child("b");
    HandleNode<String> node = a.attach("n");
    assertThat(b.move(node)).isTrue();
    assertThat(node.owner()).isSameAs(b);
    assertThat(a.size()).isZero();
    assertThat(b.size()).isOne();
  }

  @Test
  void moveHere_whereEitherIsClosing_isFalse() {
    Owner a = top.child("a");
    Owner b = top.child("b");
    HandleNode<String> node = a.attach("n");
    b.close();
    assertThat(b.move(node)).isFalse();
    node.claim();
    assertThat(top.move(node)).isFalse();
    assertThat(node.owner()).isSameAs(a);
    Owner c = top.child("c");
    HandleNode<String> other = c.attach("n");
    c.close();
    assertThat(top.move(other)).isFalse();
  }

  @Test
  void moveHere_intoItself_throwsAndKeepsTheLocksFree() {
    Owner a = top.child("a");
    Owner b = a.child("b");
    assertThatThrownBy(() -> b.move(a)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> a.move(a)).isInstanceOf(IllegalArgumentException.class);
    assertThat(top.move(b)).isTrue();
  }

  @Test
  void enteredAt_ofAMovedNode_isWhenItCame() {
    Owner a = top.child("a");
    HandleNode<String> node = a.attach("n");
    long opened = node.openedAt();
    time.advance(Duration.ofSeconds(3));
    top.move(node);
    assertThat(node.openedAt()).isEqualTo(opened);
    assertThat(node.enteredAt() - opened).isEqualTo(3_000_000_000L);
  }

  @Test
  void of_somethingElse_namesItsClass() {
    assertThatThrownBy(() -> OwnerNode.of(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("owner must not be null.");
    AutoCloseable foreign = new CountingCloseable();
    assertThatThrownBy(() -> OwnerNode.of(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("owner must be a scope made by this library, was a "
            + CountingCloseable.class.getName() + ".");
  }

  private static final class CountingCloseable implements AutoCloseable {
    @Override
    public void close() {}
  }

  // ---- lanes

  @Test
  void owner_inVirtualTime_keepsItsOneLaneHoweverManyThreadsMeet() throws Exception {
    meet(top, 2 * OwnerNode.BUSY);
    assertThat(TreeCheck.laneCount(top)).isOne();
    assertThat(top.size()).isEqualTo(2 * OwnerNode.BUSY);
  }

  @Test
  void owner_inWhichThreadsMeetNowAndThen_keepsItsOneLane() throws Exception {
    Owner owner = inRealTime();
    meet(owner, OwnerNode.BUSY - 1);
    assertThat(TreeCheck.laneCount(owner)).isOne();
    assertThat(owner.size()).isEqualTo(OwnerNode.BUSY - 1);
    TreeCheck.verify(owner);
  }

  @Test
  void owner_inWhichThreadsMeetOftenEnough_spreadsAndLosesNobody() throws Exception {
    Owner owner = inRealTime();
    meet(owner, OwnerNode.BUSY);
    assertThat(TreeCheck.laneCount(owner)).isGreaterThan(1);
    assertThat(Integer.bitCount(TreeCheck.laneCount(owner) - 1))
        .as("a power of two")
        .isOne();
    addFromManyThreads(owner);
    int listed = OwnerNode.BUSY + 4 * 2_000;
    assertThat(owner.size()).isEqualTo(listed);
    TreeCheck.verify(owner);
    assertThat(owner.close()).hasSize(listed);
    assertThatThrownBy(() -> owner.attach("late")).isInstanceOf(ClosedScopeException.class);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> owner.attachOwned("late", "late", late -> {}))
          .isInstanceOf(ClosedScopeException.class);
    }
    TreeCheck.verify(owner);
  }

  @Test
  void owner_inWhichThreadsMeetWhenItIsSealed_refusesThemAll() throws Exception {
    Owner owner = inRealTime();
    meet(owner, OwnerNode.BUSY - 1);
    assertThat(owner.close()).hasSize(OwnerNode.BUSY - 1);
    AtomicReference<Throwable> refused = new AtomicReference<>();
    meet(owner, () -> refused.set(catchThrowable(() -> owner.attach("late"))));
    assertThat(refused.get()).isInstanceOf(ClosedScopeException.class);
    assertThat(TreeCheck.laneCount(owner)).isOne();
  }

  private static Owner inRealTime() {
    Root real = new Root(
        "real", TimeSource.system(), Tracking.SIMPLE, 128, 1_000_000, 0, null, new Quiet());
    Owner owner = new Owner("real", real, true);
    real.top(owner);
    return owner;
  }

  /** Logs nothing, so that several threads may tell it. */
  private static final class Quiet implements Events {
    @Override
    public boolean listening() {
      return false;
    }

    @Override
    public void opened(Node node) {}

    @Override
    public void closed(Node node) {}

    @Override
    public void growing(HandleInfo newest, int live) {}

    @Override
    public void tellGrowing(HandleInfo newest, int live) {}

    @Override
    public void suspect(Node node, long limitNanos) {}

    @Override
    public void leaked(Node node) {}

    @Override
    public void dropped(Node node, long closed) {}

    @Override
    public void decoratorFailed(String sentence, @Nullable Throwable cause) {}

    @Override
    public void doubleClosed(Node node, int times) {}
  }

  /** Has a thread find the owner's first lane locked, as often as given, and then add a node. */
  private static void meet(Owner owner, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      meet(owner, () -> owner.attach("n"));
    }
  }

  private static void meet(Owner owner, Runnable opening) throws InterruptedException {
    Thread opener = new Thread(opening);
    Lane lane = TreeCheck.firstLane(owner);
    lane.lock();
    try {
      opener.start();
      while (!waitsForALane(opener)) {
        Thread.onSpinWait();
      }
    } finally {
      lane.unlock();
    }
    opener.join();
  }

  private static boolean waitsForALane(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(Lane.class.getName())
            && frame.getMethodName().equals("lock"));
  }

  /** Has four threads add 2,000 nodes each at once. */
  private static void addFromManyThreads(Owner owner) throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread = new Thread(() -> {
        try {
          go.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        for (int i = 0; i < 2_000; i++) {
          owner.attach("n");
        }
      });
      thread.start();
      threads.add(thread);
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
