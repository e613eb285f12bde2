package io.leaksafe.internal.virtual;

import java.time.Duration;
import java.time.Instant;

/**
 * A monotonic clock and a wall clock that stand still until they are moved.
 *
 * <p>Moments are counted in nanoseconds since the start and compare plainly; only {@link #nanoTime} adds the origin, and may
 * overflow. They end at {@link Long#MAX_VALUE}, 292 years after the start, and sums saturate there.
 *
 * <p>Read from any thread. Moved under the baton's lock.
 */
final class VirtualClock {

  private final long origin;
  private volatile long elapsed;
  private volatile Instant wallAtStart;

  VirtualClock(Instant start, long origin) {
    this.wallAtStart = start;
    this.origin = origin;
  }

  long nanoTime() {
    return origin + elapsed;
  }

  Instant instant() {
    return wallAtStart.plusNanos(elapsed);
  }

  /** The present moment. */
  long now() {
    return elapsed;
  }

  /** The moment that comes the given time after now. */
  long after(long nanos) {
    long moment = elapsed + nanos;
    return moment < 0 ? Long.MAX_VALUE : moment;
  }

  void moveTo(long moment) {
    elapsed = moment;
  }

  void setWall(Instant instant) {
    wallAtStart = instant.minusNanos(elapsed);
  }

  void jumpWall(Duration by) {
    wallAtStart = wallAtStart.plus(by);
  }
}
