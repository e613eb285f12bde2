package io.leaksafe.health;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.health.Health.Level;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.schedule.ManagedScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one implementation: samples a probe on a timer, judges each sample, and remembers the latest of them. */
final class SampledHealth implements HealthMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(SampledHealth.class.getPackageName());

  /** Where readings come from. */
  interface Probe {
    Reading read();
  }

  /** Makes one, whose resources the scope owns. */
  interface Probes {
    Probe in(OwnerNode scope);
  }

  record Settings(int samples, double margin, List<Gauge> gauges) {}

  private final OwnerNode node;
  private final Root root;
  private final Probe probe;
  private final Settings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final HeapHistory history;
  private final List<Entry> listeners = new CopyOnWriteArrayList<>();
  private volatile Health latest;

  /** One who listens; equal to itself alone. */
  private static final class Entry {
    private final Consumer<Health> listener;

    Entry(Consumer<Health> listener) {
      this.listener = listener;
    }
  }

  private SampledHealth(OwnerNode node, Settings settings, Probe probe) {
    this.node = node;
    this.root = node.root();
    this.settings = settings;
    this.probe = probe;
    this.history = new HeapHistory(settings.samples());
    this.latest = measure();
    Supplier<Map<String, Object>> teller = () -> current().toMap();
    root.healthFrom(teller);
    node.whenClosed(() -> root.healthEnds(teller));
    node.describeBy(() -> Map.of("level", latest.level().name()));
  }

  static SampledHealth start(
      Scope owner, String name, Duration period, Settings settings, Probes probes) {
    OwnerNode node = OwnerNode.of(owner).branch(name, Kind.SCOPE, Priority.NORMAL);
    try {
      SampledHealth monitor = new SampledHealth(node, settings, probes.in(node));
      if (monitor.latest.level() != Level.OK) {
        monitor.tell(monitor.latest);
      }
      ManagedScheduler.in((Scope) node, "samples").every("sample", period, monitor::check);
      return monitor;
    } catch (Throwable failure) { // nothing half-made may stay behind
      ((Scope) node).shutdown();
      throw failure;
    }
  }

  /** The JVM's own probe. */
  static Probe probe(OwnerNode scope) {
    return new JvmProbe(scope);
  }

  @Override
  public Health current() {
    Health health = latest;
    return health.state() == state() && health.ready() == isReady() ? health : with(health);
  }

  private Health with(Health health) {
    return new Health(
        health.at(),
        health.level(),
        health.reasons(),
        isReady(),
        state(),
        health.heapUsed(),
        health.heapAfterGc(),
        health.heapMax(),
        health.resident(),
        health.threads(),
        health.handles(),
        health.openFiles(),
        health.trend());
  }

  private Scope.State state() {
    return ((Scope) root.top()).state();
  }

  private boolean isReady() {
    return ((CleanupManager) root.top()).isReady();
  }

  @Override
  public Health check() {
    Health before;
    Health now;
    lock.lock();
    try {
      before = latest;
      now = measure();
      latest = now;
    } finally {
      lock.unlock();
    }
    if (now.level() != before.level()) {
      tell(now);
    }
    return now;
  }

  /** Under the lock, but for the first time. */
  private Health measure() {
    Reading reading = probe.read();
    history.add(root.time.nanoTime(), reading);
    Level level = Level.OK;
    List<String> reasons = new ArrayList<>();
    for (Gauge gauge : settings.gauges()) {
      String reason = gauge.judge(reading, settings.margin());
      if (reason != null) {
        reasons.add(reason);
      }
      level = gauge.level().compareTo(level) > 0 ? gauge.level() : level;
    }
    return new Health(
        root.time.instant(),
        level,
        List.copyOf(reasons),
        isReady(),
        state(),
        reading.heapUsed(),
        known(reading.heapAfterGc()),
        reading.heapMax(),
        known(reading.resident()),
        reading.threads(),
        reading.handles(),
        known(reading.openFiles()),
        history.trend());
  }

  private static OptionalLong known(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private void tell(Health changed) {
    if (changed.level() == Level.OK) {
      LOG.info("'{}' is {}", node.path(), changed);
    } else {
      LOG.warn("'{}' is {}", node.path(), changed);
    }
    for (Entry each : listeners) {
      try {
        each.listener.accept(changed);
      } catch (Throwable failure) { // one listener must not keep the others from hearing
        Flight.listenerFailed(node.path(), failure);
        LOG.warn("A listener of '{}' failed; the others are told.", node.path(), failure);
      }
    }
  }

  @Override
  public Trend trend() {
    return latest.trend();
  }

  @Override
  public Handle<Consumer<Health>> onChange(Consumer<Health> listener) {
    Entry entry = new Entry(Check.notNull(listener, "listener"));
    listeners.add(entry);
    Closer<Consumer<Health>> remove = any -> listeners.remove(entry);
    return node.attach("listener", Kind.LISTENER, Priority.EARLY, listener, remove);
  }

  @Override
  public String toString() {
    return "Health '" + node.path() + "', " + current();
  }
}
