package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.RemovalCause;
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
 * transfer window all the same: the other side may come back. A hold is an entry that expires, not a timer. Thread-safe.
 */
final class DailyTracker {

  static final Duration TRANSFER_WINDOW = Duration.ofMinutes(30);

  /** In the order of last use, oldest first. */
  private final Map<String, Line> lines = new LinkedHashMap<>();

  /** The lines that are held, and until when. Strict: nobody is told that a line is busy when its time is over. */
  private final BoundedMap<String, Instant> transfers;

  private final int maximum;
  private int released;

  /** Remembers at most this many lines; at least as many as there can be calls under way. */
  DailyTracker(Scope owner, int maximum) {
    this.maximum = maximum;
    transfers = BoundedMap.<String, Instant>in(owner, "transfers")
        .maximumSize(maximum)
        .expireAfterWrite(TRANSFER_WINDOW)
        .strict()
        .onRemoval(this::over)
        .build();
  }

  private static final class Line {
    int activeCalls;
    int callsToday;

    /** As in transfers, for figures that are asked for when that has closed with its owner. */
    @Nullable
    Instant heldUntil; // the post-mortem's active_call_release_time

    boolean isBusy() {
      return activeCalls > 0 || heldUntil != null;
    }
  }

  /** One line as it is now. */
  record Status(
      String line, boolean busy, int activeCalls, Optional<Instant> heldUntil, int callsToday) {}

  /** How many lines are remembered, busy, and held after a transfer. */
  record Figures(int known, int busy, int held, int maximum) {}

  /** A call began on a line. */
  synchronized void began(String line) {
    Line used = lines.remove(line);
    if (used == null) {
      used = new Line();
      makeRoom();
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
      Instant until = now.plus(TRANSFER_WINDOW);
      used.heldUntil = until;
      transfers.put(line, until);
    }
  }

  /** A transfer is no longer held. One that was replaced by a later one meanwhile changes nothing. */
  private synchronized void over(String line, Instant until, RemovalCause cause) {
    Line used = lines.get(line);
    if (cause == RemovalCause.EXPIRED && used != null && until.equals(used.heldUntil)) {
      used.heldUntil = null;
      released++;
    }
  }

  /** A free line goes first, then one that is only held; one with an active call never goes. */
  private void makeRoom() {
    if (lines.size() == maximum && !dropOldest(line -> !line.isBusy())) {
      dropOldest(line -> line.activeCalls == 0);
    }
  }

  private boolean dropOldest(Predicate<Line> droppable) {
    Iterator<Map.Entry<String, Line>> oldestFirst = lines.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<String, Line> oldest = oldestFirst.next();
      if (droppable.test(oldest.getValue())) {
        oldestFirst.remove();
        transfers.remove(oldest.getKey());
        return true;
      }
    }
    return false;
  }

  synchronized Status status(String line) {
    Line used = lines.getOrDefault(line, new Line());
    Optional<Instant> heldUntil = Optional.ofNullable(transfers.get(line));
    boolean busy = used.activeCalls > 0 || heldUntil.isPresent();
    return new Status(line, busy, used.activeCalls, heldUntil, used.callsToday);
  }

  /** How many lines were released since this was asked last. */
  synchronized int takeReleased() {
    int count = released;
    released = 0;
    return count;
  }

  /** Begins a day: counts start at zero, and lines that are free are forgotten. A busy line stays busy over midnight. */
  synchronized void newDay() {
    lines.values().removeIf(line -> !line.isBusy());
    lines.values().forEach(line -> line.callsToday = 0);
  }

  synchronized Figures figures() {
    int busy = (int) lines.values().stream().filter(Line::isBusy).count();
    int held =
        (int) lines.values().stream().filter(line -> line.heldUntil != null).count();
    return new Figures(lines.size(), busy, held, maximum);
  }
}
