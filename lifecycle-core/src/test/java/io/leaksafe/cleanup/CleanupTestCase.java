package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.tree.TreeCheck;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/** Managers on a virtual time of their own, which leave no handle, no thread and no loose link behind after each test. */
abstract class CleanupTestCase {

  final VirtualScheduler time = new VirtualScheduler();

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  private final List<CleanupManager> managers = new ArrayList<>();

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    Thread.interrupted(); // a test of interrupts may have left one
    for (CleanupManager manager : managers) {
      TreeCheck.verify(manager);
      time.run(manager::shutdown);
    }
    time.advance(Duration.ofDays(1)); // for closers that ignore interrupts
    for (CleanupManager manager : managers) {
      TreeCheck.verify(manager);
      assertThat(manager.handles()).isEmpty();
      assertThat(manager.report().complete()).isTrue();
    }
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  final CleanupManager manager() {
    return manager("app");
  }

  final CleanupManager manager(String name) {
    return build(CleanupManager.builder(name));
  }

  /** Builds a manager on this test's time. */
  final CleanupManager build(CleanupManager.Builder builder) {
    CleanupManager manager = builder.timeSource(time).build();
    managers.add(manager);
    return manager;
  }

  /** Excuses a manager from being looked after: something in it never ends. */
  final void forget(CleanupManager manager) {
    managers.remove(manager);
  }

  /** Registers something whose closer logs the name. */
  final Handle<String> open(Scope scope, String name) {
    return scope.register(name, name, log::add);
  }

  /** Registers something whose closer takes a while and ends at once when it is interrupted. */
  final Handle<String> openSlow(Scope scope, String name, Duration takes) {
    return scope.register(name, name, resource -> {
      time.sleep(takes);
      log.add(resource);
    });
  }

  /** Registers something whose closer takes a while, whoever interrupts it. */
  final Handle<String> openDeaf(Scope scope, String name, Duration takes) {
    return scope.register(name, name, resource -> {
      time.sleepUninterruptibly(takes);
      log.add(resource);
    });
  }

  /** Starts a thread of this test's time. */
  final Thread start(String name, VirtualScheduler.Body body) {
    return time.startThread(name, () -> {
      try {
        body.run();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  final void join(Thread thread) {
    assertThat(time.join(thread, Long.MAX_VALUE)).isTrue();
  }

  /** How much virtual time an action takes. */
  final Duration timed(VirtualScheduler.Body body) throws Exception {
    Duration before = time.elapsed();
    body.run();
    return time.elapsed().minus(before);
  }

  /** A gate in virtual time. */
  final class Gate {
    private final AtomicBoolean open = new AtomicBoolean();
    private final AtomicReference<Thread> waiting = new AtomicReference<>();

    void await() {
      waiting.set(Thread.currentThread());
      while (!open.get()) {
        time.park(this, Long.MAX_VALUE);
      }
    }

    void open() {
      open.set(true);
      Thread thread = waiting.get();
      if (thread != null) {
        time.unpark(thread);
      }
    }
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  static List<String> names(List<HandleInfo> handles) {
    return handles.stream().map(HandleInfo::name).toList();
  }

  static List<String> paths(List<HandleInfo> handles) {
    return handles.stream().map(HandleInfo::path).toList();
  }

  static List<String> names(CloseReport report) {
    return report.entries().stream().map(entry -> entry.handle().name()).toList();
  }

  static List<Outcome> outcomes(CloseReport report) {
    return report.entries().stream().map(Entry::outcome).toList();
  }

  static Outcome outcomeOf(CloseReport report, String name) {
    return entryOf(report, name).outcome();
  }

  static Entry entryOf(CloseReport report, String name) {
    return report.entries().stream()
        .filter(entry -> entry.handle().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No entry '" + name + "' in " + report));
  }
}
