package io.leaksafe.health;

import io.leaksafe.cleanup.Scope.State;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a service was at one moment; an immutable copy.
 *
 * @param at          when it was measured, by the wall clock
 * @param level       the worst level of any measure
 * @param reasons     why it is not OK, one sentence a measure; empty if it is
 * @param ready       whether the service takes new work, as it was when somebody asked: false from the beginning of the
 *                    manager's close on, or of its drain delay
 * @param state       where the manager is in its life, as it was when somebody asked
 * @param heapUsed    bytes of the heap in use, garbage included
 * @param heapAfterGc bytes of the heap in use after the latest collection; empty before the first, or without {@code
 *                    java.management}
 * @param heapMax     bytes the heap may take
 * @param resident    bytes of memory the process holds; empty where the platform does not tell
 * @param threads     live platform threads
 * @param handles     live handles of the whole tree by kind; kinds without any are left out
 * @param openFiles   open file descriptors; empty where the platform does not tell
 * @param trend       how the heap goes
 */
public record Health(
    Instant at,
    Level level,
    List<String> reasons,
    boolean ready,
    State state,
    long heapUsed,
    OptionalLong heapAfterGc,
    long heapMax,
    OptionalLong resident,
    long threads,
    Map<Kind, Integer> handles,
    OptionalLong openFiles,
    Trend trend) {

  /** How bad it is; declared from good to bad. */
  public enum Level {
    /** Everything is below its thresholds. */
    OK,
    /** Somebody should look. */
    WARNING,
    /** It will not go on for long like this. */
    CRITICAL
  }

  /**
   * Returns all of it in a form that any JSON library writes: maps, lists, strings, numbers and booleans. What is not known is
   * left out.
   *
   * @return a map in a fixed order
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", at.toString());
    map.put("level", level.name());
    map.put("ready", ready);
    map.put("state", state.name());
    map.put("reasons", reasons);
    map.put("heapUsed", heapUsed);
    heapAfterGc.ifPresent(bytes -> map.put("heapAfterGc", bytes));
    map.put("heapMax", heapMax);
    resident.ifPresent(bytes -> map.put("resident", bytes));
    map.put("threads", threads);
    Map<String, Object> kinds = new LinkedHashMap<>();
    handles.forEach((kind, count) -> kinds.put(kind.name(), count));
    map.put("handles", kinds);
    openFiles.ifPresent(count -> map.put("openFiles", count));
    map.put("trend", trendMap());
    return map;
  }

  private Map<String, Object> trendMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bytesPerHour", trend.bytesPerHour());
    if (!Double.isInfinite(trend.low())) { // JSON has no infinity
      map.put("low", trend.low());
      map.put("high", trend.high());
    }
    map.put("grows", trend.grows());
    map.put("samples", trend.samples());
    map.put("overSeconds", trend.over().toSeconds());
    return map;
  }

  /** Returns one line for a log. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(level + (ready ? "" : state == State.OPEN ? ", draining" : ", " + state));
    parts.add("heap " + Bytes.text(heapUsed) + " of " + Bytes.text(heapMax));
    heapAfterGc.ifPresent(bytes -> parts.add("after GC " + Bytes.text(bytes)));
    resident.ifPresent(bytes -> parts.add("resident " + Bytes.text(bytes)));
    parts.add(Text.count(threads, "thread"));
    parts.add(Text.count(handles.values().stream().mapToLong(Integer::longValue).sum(), "handle"));
    openFiles.ifPresent(count -> parts.add(Text.count(count, "open file")));
    parts.add("trend " + trend);
    parts.addAll(reasons);
    return String.join(", ", parts);
  }
}
