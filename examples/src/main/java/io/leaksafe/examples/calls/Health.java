package io.leaksafe.examples.calls;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.cleanup.Scope.State;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.time.TimeSource;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the service says about itself to whoever watches it. Reads figures, changes nothing. */
final class Health {

  private final Scope owner;
  private final CallDesk desk;
  private final TimeSource time;
  private final long startedAtNanos;

  Health(Scope owner, CallDesk desk, TimeSource time) {
    this.owner = owner;
    this.desk = desk;
    this.time = time;
    startedAtNanos = time.nanoTime();
  }

  /** The body of /health. */
  record Status(
      String service,
      State status,
      boolean ready,
      Duration uptime,
      CallStates.Figures calls,
      DailyTracker.Figures lines) {}

  /** The body of /health/memory; handles are the live ones, by kind. */
  record Memory(
      long heapUsed,
      long heapMax,
      Optional<Long> heapAfterGc,
      Map<Kind, Long> handles,
      int threads,
      int peakThreads) {}

  /** Whether new work is welcome: from the moment the owner's close begins it is not. */
  boolean isReady() {
    return owner.state() == State.OPEN;
  }

  Status status() {
    Duration uptime = Duration.ofNanos(time.nanoTime() - startedAtNanos);
    CallDesk.Figures figures = desk.figures();
    State state = owner.state();
    return new Status(
        owner.name(), state, state == State.OPEN, uptime, figures.calls(), figures.lines());
  }

  Memory memory() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return new Memory(
        heap.getUsed(),
        heap.getMax(),
        heapAfterGc(),
        liveHandles(),
        threads.getThreadCount(),
        threads.getPeakThreadCount());
  }

  /** The tree of what is live, for a person. */
  String tree() {
    return owner.describe();
  }

  private Map<Kind, Long> liveHandles() {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    for (HandleInfo handle : owner.handles()) {
      counts.merge(handle.kind(), 1L, Long::sum);
    }
    return counts;
  }

  /** What was in use after the latest collection, if there has been one: the figure in which a leak shows. */
  private static Optional<Long> heapAfterGc() {
    Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getName)
        .collect(Collectors.toSet());
    return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(GcInfo::getEndTime))
        .map(latest -> used(latest, heap));
  }

  private static long used(GcInfo gc, Set<String> heap) {
    return gc.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> heap.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}
