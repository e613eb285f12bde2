package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.tree.TreeCheck;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has been closed is held by nobody. Alone in the JVM while it measures the heap. */
@Isolated
class RetentionTest {

  private static final long MIB = 1 << 20;

  /** A session as users write them: it refers to its scope, and its closers refer to it. */
  private static final class Session {
    private final byte[] buffer = new byte[1_024];
    private final Scope scope;

    Session(Scope scope) {
      this.scope = scope;
      scope.register("session", this, Session::end);
      scope.defer("flush", this::end);
      scope.subscribe(l -> {}, l -> end(), this);
      scope.own("owned", this::end);
    }

    private void end() {
      buffer[0]++;
      assertThat(scope).isNotNull();
    }
  }

  /** Returns once garbage has been collected: a canary that nobody holds is gone. */
  private static void gc() {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    do {
      System.gc();
    } while (canary.get() != null);
  }

  /** Fails unless the object is collected, whatever of the rest is kept. */
  private static void assertCollected(WeakReference<?> reference, Object... kept) {
    try {
      for (int i = 0; i < 50 && reference.get() != null; i++) {
        gc();
      }
      assertThat(reference.get()).isNull();
    } finally {
      Reference.reachabilityFence(kept);
    }
  }

  @ParameterizedTest
  @EnumSource
  void session_afterItsScopeClosed_isCollectable(Tracking tracking) {
    CleanupManager app = CleanupManager.builder("app").tracking(tracking).build();
    Scope child = app.child("session");
    WeakReference<Session> session = new WeakReference<>(new Session(child));
    child.close();
    assertCollected(session, child);
    app.close();
  }

  @Test
  void session_afterTheManagerClosed_isCollectable() {
    CleanupManager app = CleanupManager.create("app");
    Scope child = app.child("session");
    WeakReference<Session> session = new WeakReference<>(new Session(child));
    CloseReport report = app.shutdown();
    assertCollected(session, app, child, report);
  }

  @Test
  void resource_afterItsHandleClosed_isCollectableThoughTheHandleIsKept() {
    CleanupManager app = CleanupManager.create("app");
    Object[] resource = {new Object()};
    Handle<Object> handle = app.register("r", resource[0], r -> {})
        .priority(Priority.LATE)
        .timeout(Duration.ofSeconds(1))
        .warnAfter(Duration.ofHours(1));
    WeakReference<Object> weak = new WeakReference<>(resource[0]);
    resource[0] = null;
    handle.close();
    assertCollected(weak);
    assertThat(handle.info().name()).isEqualTo("r");
    app.close();
  }

  @Test
  void resource_afterTheScopeClosed_isCollectableThoughTheHandleIsKept() {
    CleanupManager app = CleanupManager.create("app");
    Object[] resource = {new Object()};
    Handle<Object> handle = app.register("r", resource[0], r -> {});
    WeakReference<Object> weak = new WeakReference<>(resource[0]);
    resource[0] = null;
    app.close();
    assertCollected(weak, app, handle);
  }

  @Test
  void resource_afterRelease_isCollectableThoughTheHandleIsKept() {
    CleanupManager app = CleanupManager.create("app");
    Handle<Object> handle = app.register("r", new Object(), r -> {});
    WeakReference<Object> weak = new WeakReference<>(handle.release());
    assertCollected(weak, handle);
    app.close();
  }

  @Test
  void resource_closedAsynchronously_isCollectable() {
    CleanupManager app = CleanupManager.create("app");
    CompletableFuture<Object> stage = new CompletableFuture<>();
    Object[] resource = {new Object()};
    Handle<Object> handle = app.registerAsync("r", resource[0], r -> stage);
    WeakReference<Object> weak = new WeakReference<>(resource[0]);
    resource[0] = null;
    stage.complete("done");
    app.close();
    assertCollected(weak, app, handle, stage);
  }

  @Test
  void closer_thatRefersToMuch_isCollectableAfterTheClose() {
    CleanupManager app = CleanupManager.create("app");
    byte[][] much = {new byte[100_000]};
    WeakReference<byte[]> weak = new WeakReference<>(much[0]);
    Handle<String> handle = app.register("r", "r", closerOf(much[0]));
    much[0] = null;
    handle.close();
    assertCollected(weak, app, handle);
    app.close();
  }

  private static Closer<String> closerOf(byte[] much) {
    return r -> much[0]++;
  }

  @Test
  void child_afterItClosed_isNotHeldByItsParent() {
    CleanupManager app = CleanupManager.create("app");
    Scope[] child = {app.child("session")};
    child[0].own("r", () -> {});
    WeakReference<Scope> weak = new WeakReference<>(child[0]);
    child[0].close();
    child[0] = null;
    assertCollected(weak);
    app.close();
  }

  @Test
  void child_thatHungWhenItClosed_isNotHeldOnceItCameBack() throws Exception {
    CleanupManager app =
        CleanupManager.builder("app").timeout(Duration.ofMillis(20)).build();
    CompletableFuture<Object> stage = new CompletableFuture<>();
    Scope[] child = {app.child("session")};
    child[0].registerAsync("r", "r", r -> stage);
    WeakReference<Scope> weak = new WeakReference<>(child[0]);
    assertThat(child[0].shutdown().clean()).isFalse();
    child[0] = null;
    stage.complete("late");
    assertCollected(weak);
    app.close();
  }

  @Test
  void classLoaderOfACaller_isNotHeldByThreadsThatWait() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    ClassLoader[] loader = {new URLClassLoader(new URL[0])};
    WeakReference<ClassLoader> weak = new WeakReference<>(loader[0]);
    Thread caller = new Thread(() -> {
      Scope child = app.child("child");
      child.own("r", () -> {});
      child.close(); // starts the timer thread, which goes on waiting
      app.register("r", "r", r -> {}).warnAfter(Duration.ofHours(1));
    });
    caller.setContextClassLoader(loader[0]);
    caller.start();
    caller.join();
    caller = null;
    loader[0] = null;
    assertCollected(weak);
    app.close();
  }

  @Test
  void manager_thatIsDroppedUnclosed_holdsNoThreadAndIsCollectable() {
    CleanupManager[] app = {CleanupManager.create("app")};
    app[0].own("r", () -> {});
    WeakReference<CleanupManager> weak = new WeakReference<>(app[0]);
    app[0] = null;
    assertCollected(weak);
  }

  // ---- counts and bytes

  private static long usedAfterGc() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static void leavesNothing(int cycles, Function<CleanupManager, Runnable> cycle) {
    CleanupManager app = CleanupManager.create("app");
    app.own("stays", () -> {});
    Runnable body = cycle.apply(app);
    for (int i = 0; i < cycles / 10; i++) {
      body.run();
    }
    long before = usedAfterGc();
    for (int i = 0; i < cycles; i++) {
      body.run();
    }
    long after = usedAfterGc();
    TreeCheck.verify(app);
    assertThat(app.handles()).hasSize(1);
    assertThat(after - before).as("growth of the heap, in bytes").isLessThan(MIB);
    app.close();
  }

  @Test
  void aMillionHandles_openedAndClosed_leaveListAndHeapAsTheyWere() {
    leavesNothing(1_000_000, app -> () -> app.register("r", "r", r -> {}).close());
  }

  @Test
  void aMillionHandles_openedAndReleased_leaveListAndHeapAsTheyWere() {
    leavesNothing(1_000_000, app -> () -> app.register("r", "r", r -> {}).release());
  }

  @Test
  void manyChildren_openedAndClosed_leaveListAndHeapAsTheyWere() {
    leavesNothing(200_000, app -> () -> {
      Scope child = app.child("session");
      child.register("socket", "socket", r -> {}).priority(Priority.LATE);
      child.defer("flush", () -> {});
      child.close();
    });
  }

  @Test
  void manyHandlesWithLimits_openedAndClosed_leaveListAndHeapAsTheyWere() {
    leavesNothing(
        200_000,
        app -> () -> app.register("r", "r", r -> {})
            .warnAfter(Duration.ofHours(1))
            .timeout(Duration.ofMinutes(1))
            .close());
  }

  @Test
  void manyHandles_adoptedAndClosed_leaveListAndHeapAsTheyWere() {
    leavesNothing(200_000, app -> () -> {
      Scope child = app.child("session");
      Handle<String> handle = child.register("r", "r", r -> {});
      app.adopt(handle);
      child.close();
      handle.close();
    });
  }

  @Test
  void manyManagers_openedAndClosed_leaveHeapAndThreadsAsTheyWere() {
    int threads = Thread.activeCount();
    leavesNothing(5_000, app -> () -> {
      CleanupManager other = CleanupManager.create("other");
      other.child("child").own("r", () -> {});
      other.close();
    });
    assertThat(Thread.activeCount()).isLessThan(threads + 50);
  }

  @Test
  void handlesOpenedByManyThreads_closedByAnother_leaveListAndHeapAsTheyWere() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    long before = 0;
    for (int round = 0; round < 11; round++) {
      if (round == 1) {
        before = usedAfterGc();
      }
      List<List<Handle<String>>> opened = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        List<Handle<String>> mine = new ArrayList<>();
        opened.add(mine);
        Thread thread = new Thread(() -> {
          for (int j = 0; j < 20_000; j++) {
            mine.add(app.register("r", "r", r -> {}));
          }
        });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      opened.forEach(handles -> handles.forEach(Handle::close));
    }
    assertThat(usedAfterGc() - before).isLessThan(MIB);
    assertThat(app.handles()).isEmpty();
    TreeCheck.verify(app);
    app.close();
  }
}
