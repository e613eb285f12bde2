package io.leaksafe.health;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures a service now and then, knows how its heap goes, and says when it gets bad.
 *
 * <p>It samples on a timer of its owner, into a history of a fixed length. The level is that of the worst measure: WARNING and
 * CRITICAL are entered exactly at their thresholds, and left when the value has fallen below that by a margin, so that it does not
 * flicker. Each change of the level is logged and told to the listeners. No collection is ever forced: the heap after a collection
 * is taken from the JVM's own notifications.
 *
 * <p>It works without the module {@code java.management} as well; the heap after collections is not known then. On the module path
 * that module must be among the resolved ones: {@code --add-modules java.management}, unless something requires it.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public sealed interface HealthMonitor permits SampledHealth {

  /**
   * Begins to measure, every 30 s, with every setting at its default.
   *
   * @param owner who ends it
   * @param name  what reports call it
   * @return the monitor, which has measured once
   * @throws ClosedScopeException if the owner's close has begun
   */
  static HealthMonitor in(Scope owner, String name) {
    return builder(owner, name).start();
  }

  /**
   * Begins a monitor with other settings.
   *
   * @param owner who ends it
   * @param name  what reports call it
   * @return a builder, for one thread and one monitor
   */
  static Builder builder(Scope owner, String name) {
    return new Builder(Check.notNull(owner, "owner"), Check.name(name, "name"));
  }

  /**
   * Returns the latest sample, with the manager's state as it is now. Costs nothing: a load balancer may ask as often as it likes.
   *
   * @return how the service was when it was measured last
   */
  Health current();

  /**
   * Measures now.
   *
   * @return how the service is; it is the latest sample from now on
   */
  Health check();

  /**
   * Returns how the heap goes.
   *
   * @return the trend as of the latest sample
   */
  Trend trend();

  /**
   * Listens to changes of the level. What a listener throws is logged.
   *
   * @param listener told of the sample with which the level changed, on the thread that measured
   * @return the handle, which ends that; it belongs to this monitor and need not be kept
   * @throws ClosedScopeException if this monitor's close has begun
   */
  Handle<Consumer<Health>> onChange(Consumer<Health> listener);

  /** Settings of a monitor; each may be set once. Not thread-safe. */
  final class Builder {
    private static final double ALL = 100;

    private final Scope owner;
    private final String name;
    private final Map<Measure, Gauge> gauges = new EnumMap<>(Measure.class);
    private @Nullable Duration period;
    private @Nullable Integer samples;
    private @Nullable Double margin;

    private Builder(Scope owner, String name) {
      this.owner = owner;
      this.name = name;
    }

    /**
     * Sets how often it measures; 30 s if not set.
     *
     * @param time longer than zero
     * @return this builder
     */
    public Builder sampleEvery(Duration time) {
      once(period, "sampleEvery");
      Check.positiveNanos(time, "sampleEvery");
      period = time;
      return this;
    }

    /**
     * Sets how many samples the trend is taken from; 120 if not set, which is an hour.
     *
     * @param latest from 8 to 1,000
     * @return this builder
     */
    public Builder history(int latest) {
      once(samples, "history");
      if (latest < 8 || latest > 1_000) {
        throw new IllegalArgumentException("history must be from 8 to 1,000 samples, was "
            + Text.count(latest) + ". Fewer say nothing, and more cost more than they tell.");
      }
      samples = latest;
      return this;
    }

    /**
     * Sets the thresholds of a measure, in bytes or as a number of things.
     *
     * @param measure  which
     * @param warning  the first value that is WARNING; 1 or more
     * @param critical the first value that is CRITICAL; not less than that
     * @return this builder
     * @throws IllegalArgumentException if they are out of order
     */
    public Builder limits(Measure measure, long warning, long critical) {
      return limits(measure, (double) warning, (double) critical, false);
    }

    /**
     * Sets the thresholds of a measure, in percent of what there can be at most. If neither this nor {@link #limits} is called for
     * them, {@link Measure#HEAP_AFTER_GC} and {@link Measure#OPEN_FILES} have 80 and 90.
     *
     * @param measure  one that has a maximum: the heap, or open files
     * @param warning  the first value that is WARNING, over 0
     * @param critical the first value that is CRITICAL; not less than that, and at most 100
     * @return this builder
     * @throws IllegalArgumentException if they are out of order, or the measure has no maximum
     */
    public Builder percent(Measure measure, double warning, double critical) {
      if (!Check.notNull(measure, "measure").limited) {
        throw new IllegalArgumentException(
            measure + " has no maximum of which a percentage could be taken. Use limits().");
      }
      if (!(critical <= ALL)) {
        throw new IllegalArgumentException(
            "critical must be at most 100 percent, was " + critical + ".");
      }
      return limits(measure, warning, critical, true);
    }

    private Builder limits(Measure measure, double warning, double critical, boolean percent) {
      once(gauges.get(Check.notNull(measure, "measure")), measure.toString());
      if (!(warning > 0 && critical >= warning)) {
        throw new IllegalArgumentException("warning must be over 0 and critical not below it, were "
            + warning + " and " + critical + " for " + measure + ".");
      }
      gauges.put(measure, new Gauge(measure, warning, critical, percent));
      return this;
    }

    /**
     * Sets by how much a value must fall below a threshold before its level is left; 5 percent if not set.
     *
     * @param percent from 0 to 50
     * @return this builder
     */
    public Builder margin(double percent) {
      once(margin, "margin");
      if (!(percent >= 0 && percent <= 50)) {
        throw new IllegalArgumentException(
            "margin must be from 0 to 50 percent, was " + percent + ".");
      }
      margin = percent;
      return this;
    }

    /**
     * Makes the monitor, measures once, and begins to measure now and then.
     *
     * @return the monitor
     * @throws ClosedScopeException if the owner's close has begun
     */
    public HealthMonitor start() {
      return start(SampledHealth::probe);
    }

    HealthMonitor start(SampledHealth.Probes probes) {
      for (Measure measure : new Measure[] {Measure.HEAP_AFTER_GC, Measure.OPEN_FILES}) {
        gauges.computeIfAbsent(measure, missing -> new Gauge(missing, 80, 90, true));
      }
      return SampledHealth.start(
          owner,
          name,
          period == null ? Duration.ofSeconds(30) : period,
          new SampledHealth.Settings(
              samples == null ? 120 : samples,
              (margin == null ? 5 : margin) / ALL,
              new EnumMap<>(gauges).values().stream().map(Gauge::copy).toList()),
          probes);
    }

    private void once(@Nullable Object value, String what) {
      if (value != null) {
        throw new IllegalStateException(what + " of '" + name + "' is set twice. Set it once.");
      }
    }
  }
}
