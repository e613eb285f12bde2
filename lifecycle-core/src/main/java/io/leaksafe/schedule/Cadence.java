package io.leaksafe.schedule;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/** When a task runs. Confined to the lock of its scheduler. */
abstract sealed class Cadence {

  /** Due times are kept within a range in which differences do not overflow; what lies beyond is never due. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  /** Says when the first run is due, by the monotonic clock. */
  abstract long first(TimeSource time);

  /** Whether it depends on another clock than the one the timers go by, so that what is due may have to be put off. */
  boolean looksAgain() {
    return false;
  }

  /** Says when to look again, if what was due is not due by the wall clock; null if it is due. */
  @Nullable
  Long notBefore(TimeSource time) {
    return null;
  }

  /** Says when the next run is due after one that was due and started then and has just ended; null if there is none. */
  abstract @Nullable Long next(long wasDue, long startedAt, TimeSource time);

  /** Says how long it is until the run that is due then, by whichever clock decides. */
  long nanosUntil(long due, TimeSource time) {
    return due - time.nanoTime();
  }

  /** Says in words how often it runs. */
  abstract String words();

  private static long after(TimeSource time, long nanos) {
    return moment(time.nanoTime(), nanos);
  }

  /** The moment so long after another one, neither before it nor too far ahead to count. */
  static long moment(long now, long nanos) {
    return now + Math.max(0, Math.min(nanos, LONGEST_NANOS));
  }

  /** Once, after a delay. */
  static final class Once extends Cadence {
    private final long delayNanos;

    Once(Duration delay) {
      this.delayNanos = Check.saturatedNanos(delay);
    }

    @Override
    long first(TimeSource time) {
      return after(time, delayNanos);
    }

    @Override
    @Nullable
    Long next(long wasDue, long startedAt, TimeSource time) {
      return null;
    }

    @Override
    String words() {
      return "once";
    }
  }

  /** Again and again, a period after the last run ended. */
  static final class FixedDelay extends Cadence {
    private final long periodNanos;

    FixedDelay(long periodNanos) {
      this.periodNanos = periodNanos;
    }

    @Override
    long first(TimeSource time) {
      return after(time, periodNanos);
    }

    @Override
    Long next(long wasDue, long startedAt, TimeSource time) {
      return after(time, periodNanos);
    }

    @Override
    String words() {
      return "every " + Text.duration(periodNanos);
    }
  }

  /**
   * At moments one period apart. A run stands for all of them that have passed when it starts; those that pass while it is
   * under way are run once together, at once.
   */
  static final class FixedRate extends Cadence {
    private final long periodNanos;

    FixedRate(long periodNanos) {
      this.periodNanos = Math.min(periodNanos, LONGEST_NANOS);
    }

    @Override
    long first(TimeSource time) {
      return after(time, periodNanos);
    }

    @Override
    Long next(long wasDue, long startedAt, TimeSource time) {
      long done = lastMoment(wasDue, startedAt);
      long passed = lastMoment(done, time.nanoTime());
      return passed == done ? done + periodNanos : passed;
    }

    private long lastMoment(long from, long until) {
      return from + Math.max(0, until - from) / periodNanos * periodNanos;
    }

    @Override
    String words() {
      return "every " + Text.duration(periodNanos) + ", fixed rate";
    }
  }

  /** At moments of the wall clock, which is looked at again now and then, since people set it. */
  abstract static sealed class ByWallClock extends Cadence {
    private static final long LOOK_NANOS = Duration.ofMinutes(15).toNanos();

    /** The moment of the next run. */
    abstract Instant moment();

    @Override
    boolean looksAgain() {
      return true;
    }

    @Override
    long first(TimeSource time) {
      return after(time, Math.min(LOOK_NANOS, left(time)));
    }

    @Override
    @Nullable
    Long notBefore(TimeSource time) {
      long left = left(time);
      return left <= 0 ? null : (Long) after(time, Math.min(LOOK_NANOS, left));
    }

    @Override
    long nanosUntil(long due, TimeSource time) {
      return left(time);
    }

    private long left(TimeSource time) {
      return Check.saturatedNanos(Duration.between(time.instant(), moment()));
    }
  }

  /** Once, at a moment. */
  static final class At extends ByWallClock {
    private final Instant moment;

    At(Instant moment) {
      this.moment = moment;
    }

    @Override
    Instant moment() {
      return moment;
    }

    @Override
    @Nullable
    Long next(long wasDue, long startedAt, TimeSource time) {
      return null;
    }

    @Override
    String words() {
      return "once, at " + moment;
    }
  }

  /** On every day of a zone, at a time of day. */
  static final class Daily extends ByWallClock {
    private final LocalTime at;
    private final ZoneId zone;
    private LocalDate day;

    Daily(LocalTime at, ZoneId zone, Instant now) {
      this.at = at;
      this.zone = zone;
      this.day = LocalDate.ofInstant(now, zone);
      skipPast(now);
    }

    private void skipPast(Instant now) {
      while (!moment().isAfter(now) || !zoneHas(day)) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        day = day.isBefore(today) ? today : day.plusDays(1);
      }
    }

    /** A zone that moves across the date line leaves a day out. */
    private boolean zoneHas(LocalDate some) {
      return some.atStartOfDay(zone).toLocalDate().equals(some);
    }

    @Override
    Instant moment() {
      LocalDateTime local = day.atTime(at);
      ZoneOffsetTransition change = zone.getRules().getTransition(local);
      return change != null && change.isGap()
          ? change.getInstant()
          : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    @Override
    Long next(long wasDue, long startedAt, TimeSource time) {
      day = day.plusDays(1); // this day has had its run, whatever the clock says now
      skipPast(time.instant());
      return first(time);
    }

    @Override
    String words() {
      return "daily at " + at + " " + zone;
    }
  }
}
