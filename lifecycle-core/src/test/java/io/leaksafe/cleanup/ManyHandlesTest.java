package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.tree.TreeCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Large lists, in real time; where several threads open at once, their owner has several lanes. */
class ManyHandlesTest {

  private static final int COUNT = 200_000;
  private static final List<Priority> PRIORITIES = List.of(Priority.values());

  /** Who opened something, and as the how manieth. */
  private record Opened(int thread, int number) {}

  private final List<Opened> closed = new ArrayList<>(COUNT);

  /** A manager whose time is not over before a busy machine has closed so many. */
  private static CleanupManager unhurried() {
    return CleanupManager.builder("app").timeout(Duration.ofMinutes(1)).build();
  }

  /** Opens an equal share of the handles on each of several threads at once. */
  private void openAll(Scope scope, int threads) throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> openers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      Thread opener = new Thread(() -> {
        try {
          go.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        for (int i = 0; i < COUNT / threads; i++) {
          scope.register("h", new Opened(thread, i), closed::add).priority(PRIORITIES.get(i % 5));
        }
      });
      opener.start();
      openers.add(opener);
    }
    go.countDown();
    for (Thread opener : openers) {
      opener.join();
    }
  }

  private void eachThreadsClosedInOrder(int threads) {
    assertThat(closed).hasSize(COUNT).doesNotHaveDuplicates();
    int[] last = new int[threads];
    int priority = -1;
    for (Opened each : closed) {
      if (each.number % 5 != priority) {
        assertThat(each.number % 5).isEqualTo(priority + 1);
        priority++;
        last = IntStream.generate(() -> Integer.MAX_VALUE).limit(threads).toArray();
      }
      assertThat(each.number).isLessThan(last[each.thread]);
      last[each.thread] = each.number;
    }
  }

  @Test
  void close_of200_000OpenedByOneThread_closesAllInOrder() throws Exception {
    CleanupManager app = unhurried();
    openAll(app, 1);
    assertThat(TreeCheck.laneCount(app)).isOne();
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(report.entries()).hasSize(COUNT);
    eachThreadsClosedInOrder(1);
    assertThat(app.handles()).isEmpty();
    TreeCheck.verify(app);
  }

  @Test
  void close_of200_000OpenedBy4Threads_closesThoseOfEachInOrder() throws Exception {
    CleanupManager app = unhurried();
    TreeCheck.spread(app);
    openAll(app, 4);
    TreeCheck.verify(app);
    assertThat(app.handles()).hasSize(COUNT);
    CloseReport report = app.shutdown();
    assertThat(report.clean()).isTrue();
    assertThat(report.entries()).hasSize(COUNT);
    eachThreadsClosedInOrder(4);
    TreeCheck.verify(app);
  }

  @Test
  void close_byItsUserOfAChildWith200_000_closesThoseOfEachThreadInOrder() throws Exception {
    CleanupManager app = unhurried();
    Scope child = app.child("child");
    openAll(child, 3);
    closed.clear();
    assertThat(child.shutdown().clean()).isTrue();
    assertThat(app.handles()).isEmpty();
    assertThat(closed).hasSize(COUNT / 3 * 3).doesNotHaveDuplicates();
    app.close();
  }

  @Test
  void closeEarly_of200_000InAnyOrder_leavesTheListWhole() throws Exception {
    CleanupManager app = unhurried();
    List<Handle<String>> handles = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      handles.add(app.register("h", "h", h -> {}));
    }
    Collections.shuffle(handles, new Random(7));
    for (int i = 0; i < COUNT; i++) {
      handles.get(i).close();
      if (i % 50_000 == 0) {
        TreeCheck.verify(app);
      }
    }
    assertThat(app.handles()).isEmpty();
    app.close();
  }

  @Test
  void openingsThatHappenOneAfterTheOther_onManyThreads_closeInReverse() throws Exception {
    CleanupManager app = unhurried();
    TreeCheck.spread(app);
    openAll(app, 4);
    closed.clear();
    for (int i = 0; i < 500; i++) {
      int number = i;
      Thread opener = new Thread(() ->
          app.register("ordered", new Opened(-1, number), closed::add).priority(Priority.LAST));
      opener.start();
      opener.join();
    }
    assertThat(app.shutdown().clean()).isTrue();
    assertThat(closed.stream().filter(each -> each.thread == -1).map(Opened::number))
        .isEqualTo(IntStream.rangeClosed(1, 500).mapToObj(i -> 500 - i).toList());
  }
}
