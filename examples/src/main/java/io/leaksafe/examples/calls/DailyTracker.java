package io.leaksafe.examples.calls;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Knows which lines are busy, and how often each was used today.
 *
 * <p>A line is busy while a call is active on it. A call that is transferred leaves the line, which stays held for the
 * transfer window all the same: the other side may come back. That is a time in the line's record, not a timer; queries
 * compare it with now, so they are exact, and {@link #sweep} only tidies up. Thread-safe.
 */
final class DailyTracker {

  static final Duration TRANSFER_WINDOW = Duration.ofMinutes(30);

  /** In the order of last use, oldest first. */
  private final Map<String, Line> lines = new LinkedHashMap<>();

  private final int maximum;

  /** Remembers at most this many lines; at least as many as there can be calls. */
  DailyTracker(int maximum) {
    this.maximum = maximum;
  }

  private static final class Line {
    int activeCalls;
    int callsToday;

    @Nullable
    Instant heldUntil; // the post-mortem's active_call_release_time

    boolean isHeld(Instant now) {
      return heldUntil != null && now.isBefore(heldUntil);
    }

    boolean isBusy(Instant now) {
      return activeCalls > 0 || isHeld(now);
    }
  }

  /** One line as it is now. */
  record Status(
      String line, boolean busy, int activeCalls, Optional<Instant> heldUntil, int callsToday) {}

  /** How many lines are remembered, busy, and held after a transfer. */
  record Figures(int known, int busy, int held, int maximum) {}

  /** A call began on a line. */
  synchronized void began(String line, Instant now) {
    Line used = lines.remove(line);
    if (used == null) {
      used = new Line();
      makeRoom(now);
    }
    used.activeCalls++;
    used.callsToday++;
    lines.put(line, used);
  }

  /** A call on a line ended without having been transferred. */
  synchronized void ended(String line) {
    Line used = lines.get(line);
    if (used != null) {
      used.activeCalls--;
    }
  }

  /** A call left its line by transfer, which holds it from now on. */
  synchronized void transferred(String line, Instant now) {
    ended(line);
    Line used = lines.get(line);
    if (used != null) {
      used.heldUntil = now.plus(TRANSFER_WINDOW);
    }
  }

  /** A free line goes first, then one that is only held; one with an active call never goes. */
  private void makeRoom(Instant now) {
    if (lines.size() == maximum && !dropOldest(line -> !line.isBusy(now))) {
      dropOldest(line -> line.activeCalls == 0);
    }
  }

  private boolean dropOldest(Predicate<Line> droppable) {
    Iterator<Line> oldestFirst = lines.values().iterator();
    while (oldestFirst.hasNext()) {
      if (droppable.test(oldestFirst.next())) {
        oldestFirst.remove();
        return true;
      }
    }
    return false;
  }

  synchronized Status status(String line, Instant now) {
    Line used = lines.getOrDefault(line, new Line());
    Optional<Instant> heldUntil = Optional.ofNullable(used.heldUntil).filter(now::isBefore);
    return new Status(line, used.isBusy(now), used.activeCalls, heldUntil, used.callsToday);
  }

  /** Forgets the windows that are over; returns how many lines that released. */
  synchronized int sweep(Instant now) {
    int released = 0;
    for (Line line : lines.values()) {
      if (line.heldUntil != null && !line.isHeld(now)) {
        line.heldUntil = null;
        released++;
      }
    }
    return released;
  }

  /** Begins a day: counts start at zero, and lines that are free are forgotten. A busy line stays busy over midnight. */
  synchronized void newDay(Instant now) {
    lines.values().removeIf(line -> !line.isBusy(now));
    lines.values().forEach(line -> line.callsToday = 0);
  }

  synchronized Figures figures(Instant now) {
    int busy = (int) lines.values().stream().filter(line -> line.isBusy(now)).count();
    int held = (int) lines.values().stream().filter(line -> line.isHeld(now)).count();
    return new Figures(lines.size(), busy, held, maximum);
  }
}
