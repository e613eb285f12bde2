package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.tree.TreeCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that meet: in real time, many rounds, each begun at a barrier. */
class RacesTest {

  /** Something that counts how often it was closed. */
  private static final class Counted implements AutoCloseable {
    private final AtomicInteger closes = new AtomicInteger();

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  /** What a thread of a race does. */
  @FunctionalInterface
  private interface Racer {
    void run(int number) throws Exception;
  }

  /** Runs threads that begin at once, joins them, and throws on what any of them threw. */
  private static void race(int threads, Racer racer) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(threads);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread = new Thread(
          () -> {
            try {
              barrier.await();
              racer.run(number);
            } catch (BrokenBarrierException e) {
              throw new AssertionError(e);
            } catch (Throwable failure) {
              failures.add(failure);
            }
          },
          "racer-" + i);
      thread.start();
      started.add(thread);
    }
    for (Thread thread : started) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  enum Lanes {
    FEW,
    MANY
  }

  @ParameterizedTest
  @EnumSource
  void register_whileTheScopeCloses_closesEachOnceAndTellsEachLateCaller(Lanes lanes)
      throws Exception {
    for (int round = 0; round < 400; round++) {
      CleanupManager app = CleanupManager.create("app");
      if (lanes == Lanes.MANY && round % 20 == 0) {
        TreeCheck.spread(app);
      }
      List<Counted> all = Collections.synchronizedList(new ArrayList<>());
      race(5, number -> {
        if (number == 0) {
          app.close();
          return;
        }
        boolean open = true;
        for (int i = 0; i < 50 || open; i++) {
          Counted resource = new Counted();
          all.add(resource);
          try {
            if (number % 2 == 0) {
              app.own("r", resource);
            } else {
              app.register("r", resource, Counted::close);
            }
            assertThat(open).as("refused once, and taken again").isTrue();
          } catch (ClosedScopeException e) {
            open = false;
            assertThat(resource.closes)
                .as("a late one is closed when its caller is told")
                .hasValue(1);
          }
          if (i >= 50) {
            Thread.yield(); // to the one that closes
          }
        }
      });
      for (Counted resource : all) {
        assertThat(resource.closes).as("round %d", round).hasValue(1);
      }
      assertThat(app.handles()).isEmpty();
      TreeCheck.verify(app);
    }
  }

  @Test
  void open_whileTheScopeCloses_losesNothing() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      Scope child = app.child("child");
      List<Counted> opened = Collections.synchronizedList(new ArrayList<>());
      race(3, number -> {
        if (number == 0) {
          child.close();
          return;
        }
        for (int i = 0; i < 20; i++) {
          try {
            child.open(
                "r",
                () -> {
                  Counted resource = new Counted();
                  opened.add(resource);
                  return resource;
                },
                Counted::close);
          } catch (ClosedScopeException e) {
            assertThat(e).hasMessageContaining("app/child");
          }
        }
      });
      for (Counted resource : opened) {
        assertThat(resource.closes).as("round %d", round).hasValue(1);
      }
      app.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void close_by16Threads_closesEachOnceAndAllGetTheSameReport(boolean root) throws Exception {
    for (int round = 0; round < 100; round++) {
      CleanupManager app = CleanupManager.create("app");
      Scope scope = root ? app : app.child("child");
      List<Counted> resources = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        resources.add(scope.own("r" + i, new Counted()));
      }
      Set<CloseReport> reports =
          Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
      race(16, number -> {
        if (number % 2 == 0) {
          scope.close();
        }
        reports.add(scope.shutdown());
      });
      assertThat(reports).as("round %d", round).hasSize(1);
      assertThat(reports.iterator().next().clean()).isTrue();
      assertThat(resources).allMatch(resource -> resource.closes.get() == 1);
      app.close();
    }
  }

  @Test
  void close_thatReturned_hasClosedTheScopeAndEndedItsThreads() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      String name = "quick-" + round;
      CleanupManager app = CleanupManager.create(name);
      if (round % 3 > 0) {
        app.own("r", new Counted());
      }
      if (round % 3 > 1) {
        Scope child = app.child("child");
        child.own("r", new Counted());
        child.close();
      }
      app.close();
      assertThat(app.state()).as("round %d", round).isEqualTo(Scope.State.CLOSED);
      assertThat(threadsOf(name)).as("round %d", round).isEmpty();
    }
  }

  private static List<String> threadsOf(String manager) {
    return liveThreads()
        .map(Thread::getName)
        .filter(name -> name.startsWith(manager + "-"))
        .toList();
  }

  private static Stream<Thread> liveThreads() {
    Thread[] all = new Thread[4 * Thread.activeCount() + 64];
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    int count = top.enumerate(all, true);
    return Stream.of(all).limit(count).filter(Thread::isAlive);
  }

  @Test
  void handleClose_byManyThreads_closesOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      Counted resource = new Counted();
      Handle<Counted> handle = app.register("r", resource, Counted::close);
      race(4, number -> handle.close());
      assertThat(resource.closes).hasValue(1);
      assertThat(handle.info().details()).containsEntry("closed again", "3 times");
      app.close();
    }
  }

  @Test
  void handleClose_againstTheScopesClose_closesOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      List<Counted> resources = new ArrayList<>();
      List<Handle<Counted>> handles = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Counted resource = new Counted();
        resources.add(resource);
        handles.add(app.register("r", resource, Counted::close));
      }
      race(3, number -> {
        if (number == 0) {
          app.close();
        } else {
          for (int i = number - 1; i < handles.size(); i += 2) {
            handles.get(i).close();
          }
        }
      });
      assertThat(resources).as("round %d", round).allMatch(r -> r.closes.get() == 1);
      assertThat(app.report().clean()).isTrue();
      assertThat(app.handles()).isEmpty();
    }
  }

  @Test
  void release_againstTheScopesClose_eitherReleasesOrCloses() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      List<Counted> resources = new ArrayList<>();
      List<Handle<Counted>> handles = new ArrayList<>();
      Set<Counted> released =
          Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
      for (int i = 0; i < 50; i++) {
        Counted resource = new Counted();
        resources.add(resource);
        handles.add(app.register("r", resource, Counted::close));
      }
      race(2, number -> {
        if (number == 0) {
          app.close();
          return;
        }
        for (Handle<Counted> handle : handles) {
          try {
            released.add(handle.release());
          } catch (ClosedScopeException e) {
            assertThat(e).hasMessageContaining("app/r");
          }
        }
      });
      for (Counted resource : resources) {
        assertThat(resource.closes.get()).isEqualTo(released.contains(resource) ? 0 : 1);
      }
    }
  }

  @Test
  void childClose_againstTheRootsClose_closesEachOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      List<Counted> resources = new ArrayList<>();
      List<Scope> children = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Scope child = app.child("c" + i);
        children.add(child);
        for (int j = 0; j < 5; j++) {
          resources.add(child.own("r" + j, new Counted()));
        }
      }
      race(4, number -> {
        if (number == 0) {
          app.close();
        } else {
          for (Scope child : children) {
            assertThat(child.shutdown().clean()).isTrue();
          }
        }
      });
      assertThat(resources).as("round %d", round).allMatch(r -> r.closes.get() == 1);
      assertThat(app.report().clean()).isTrue();
      assertThat(children).allMatch(child -> child.state() == Scope.State.CLOSED);
      assertThat(app.handles()).isEmpty();
    }
  }

  @Test
  void adopt_backAndForthByTwoThreads_keepsTheHandleInOneListAtATime() throws Exception {
    CleanupManager app = CleanupManager.create("app");
    Scope a = app.child("a");
    Scope b = app.child("b");
    List<Handle<Counted>> handles = new ArrayList<>();
    List<Counted> resources = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Counted resource = new Counted();
      resources.add(resource);
      handles.add(a.register("r" + i, resource, Counted::close));
    }
    race(4, number -> {
      for (int i = 0; i < 5_000; i++) {
        Handle<Counted> handle = handles.get((i + 7 * number) % handles.size());
        (number % 2 == 0 ? a : b).adopt(handle);
        if (i % 50 == 0) {
          assertThat(handle.info().path()).matches("app/[ab]/r\\d+");
        }
        if (i % 500 == 0) {
          Scope extra = app.child("extra");
          extra.moveTo(number % 2 == 0 ? a : b);
          extra.close();
        }
      }
    });
    TreeCheck.verify(app);
    assertThat(app.handles()).hasSize(22);
    app.close();
    assertThat(resources).allMatch(resource -> resource.closes.get() == 1);
  }

  @Test
  void adopt_againstTheOwnersClose_closesEachOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      Scope from = app.child("from");
      Scope to = app.child("to");
      List<Handle<Counted>> handles = new ArrayList<>();
      List<Counted> resources = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Counted resource = new Counted();
        resources.add(resource);
        handles.add(from.register("r" + i, resource, Counted::close));
      }
      race(2, number -> {
        if (number == 0) {
          from.close();
          return;
        }
        for (Handle<Counted> handle : handles) {
          try {
            to.adopt(handle);
          } catch (ClosedScopeException e) {
            assertThat(e).hasMessageContaining("was not moved");
          }
        }
      });
      TreeCheck.verify(app);
      app.close();
      assertThat(resources).as("round %d", round).allMatch(r -> r.closes.get() == 1);
      assertThat(app.handles()).isEmpty();
    }
  }

  @Test
  void everything_atOnce_closesEachResourceOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      CleanupManager app = CleanupManager.create("app");
      List<Counted> all = Collections.synchronizedList(new ArrayList<>());
      race(6, number -> {
        if (number == 0) {
          while (all.size() < 500) {
            Thread.onSpinWait();
          }
          app.shutdown();
          return;
        }
        try {
          for (int i = 0; i < 2_000; i++) {
            Counted resource = new Counted();
            all.add(resource);
            Scope scope = i % 3 == 0 ? app : app.child("session");
            Handle<Counted> handle = scope.register("r", resource, Counted::close);
            if (i % 5 == 0) {
              app.adopt(handle);
            }
            if (i % 2 == 0) {
              handle.close();
            }
            if (i % 3 != 0 && i % 7 == 0) {
              scope.close();
            }
          }
        } catch (ClosedScopeException closed) {
          assertThat(closed).hasMessageContaining("app");
        }
      });
      int last = round;
      all.removeIf(resource -> resource.closes.get() == 1);
      // a thread that found its fresh child too late never registered its resource
      assertThat(all)
          .as("round %d", last)
          .hasSizeLessThanOrEqualTo(5)
          .allMatch(r -> r.closes.get() == 0);
      assertThat(app.report().clean()).isTrue();
      assertThat(app.handles()).isEmpty();
      TreeCheck.verify(app);
    }
  }

  @Test
  void warnAfter_fromManyThreads_neverFails() throws Exception {
    CleanupManager app =
        CleanupManager.builder("app").warnAfter(Duration.ofMillis(1)).build();
    race(4, number -> {
      for (int i = 0; i < 5_000; i++) {
        app.register("r", new Counted(), Counted::close)
            .warnAfter(Duration.ofMillis(1 + i % 3))
            .close();
      }
    });
    assertThat(app.shutdown().clean()).isTrue();
  }
}
