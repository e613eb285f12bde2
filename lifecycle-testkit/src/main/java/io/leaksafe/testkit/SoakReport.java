package io.leaksafe.testkit;

import static java.util.stream.Collectors.joining;

import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What was live before and after many cycles, and how the heap went meanwhile; an immutable copy.
 *
 * @param scope         the name of the scope that was looked at
 * @param cycles        how many cycles there were
 * @param before        live handles by kind before the first of them, of the scope and below; kinds without any are left out
 * @param after         the same after the last
 * @param threadsBefore live platform threads of the JVM before
 * @param threadsAfter  the same after
 * @param newThreads    names of the threads that live after and did not before, which may have replaced others
 * @param filesBefore   open file descriptors of the process before; empty where the platform does not tell
 * @param filesAfter    the same after
 * @param heap          how the live heap went
 */
public record SoakReport(
    String scope,
    int cycles,
    Map<Kind, Integer> before,
    Map<Kind, Integer> after,
    long threadsBefore,
    long threadsAfter,
    List<String> newThreads,
    OptionalLong filesBefore,
    OptionalLong filesAfter,
    HeapSlope heap) {

  private static final String THREADS = "threads";
  private static final int MOST_NAMES = 10;

  /**
   * How many bytes a cycle leaves: the median of all slopes between two samples (Theil and Sen), which a few outliers do not
   * move, with the interval in which the true slope lies in 95 of 100 cases. A sample is the size of all live objects, after a
   * collection.
   *
   * @param bytesPerCycle the slope; zero with fewer than 3 samples
   * @param low           the lower end of the interval; negative infinity with fewer than 8 samples
   * @param high          the upper end of the interval; infinity with fewer than 8 samples
   * @param samples       how many samples it was taken from
   */
  public record HeapSlope(double bytesPerCycle, double low, double high, int samples) {

    /**
     * Tells whether the heap grows, beyond what chance explains.
     *
     * @return whether all of the interval is above zero
     */
    public boolean grows() {
      return low > 0;
    }

    /** Returns it as a person reads it. */
    @Override
    public String toString() {
      String slope = Bytes.signed(bytesPerCycle) + " a cycle";
      return Double.isInfinite(low)
          ? slope + " (" + Text.count(samples, "sample") + ", too few for a bound)"
          : slope + " (" + Bytes.signed(low) + " to " + Bytes.signed(high) + ", "
              + Text.count(samples, "sample") + ")";
    }
  }

  /**
   * Makes a copy.
   *
   * @param scope         the name of the scope
   * @param cycles        how many cycles
   * @param before        handles by kind before
   * @param after         handles by kind after
   * @param threadsBefore threads before
   * @param threadsAfter  threads after
   * @param newThreads    names of new threads
   * @param filesBefore   file descriptors before
   * @param filesAfter    file descriptors after
   * @param heap          the heap
   */
  public SoakReport {
    before = Map.copyOf(before);
    after = Map.copyOf(after);
    newThreads = List.copyOf(newThreads);
  }

  /**
   * Compares the live handles.
   *
   * @return by how many each kind has become more, or fewer if negative, in the order of {@link Kind}; kinds of which there are
   *     as many as before are left out
   */
  public Map<Kind, Integer> handlesMore() {
    Map<Kind, Integer> more = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      int by = after.getOrDefault(kind, 0) - before.getOrDefault(kind, 0);
      if (by != 0) {
        more.put(kind, by);
      }
    }
    return more;
  }

  /**
   * Compares the threads.
   *
   * @return by how many there are more, or fewer if negative
   */
  public long threadsMore() {
    return threadsAfter - threadsBefore;
  }

  /**
   * Compares the open file descriptors.
   *
   * @return by how many there are more, or fewer if negative; zero where the platform does not tell
   */
  public long filesMore() {
    return filesAfter.orElse(0) - filesBefore.orElse(0);
  }

  /** Returns a table: before and after, and the slope of the heap. */
  @Override
  public String toString() {
    Map<String, String[]> rows = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      int one = before.getOrDefault(kind, 0);
      int two = after.getOrDefault(kind, 0);
      if (one != 0 || two != 0) {
        rows.put(kind.name(), row(one, two));
      }
    }
    rows.put(THREADS, row(threadsBefore, threadsAfter));
    if (filesBefore.isPresent() && filesAfter.isPresent()) {
      rows.put("open files", row(filesBefore.getAsLong(), filesAfter.getAsLong()));
    }
    StringBuilder text = new StringBuilder("'")
        .append(scope)
        .append("' after ")
        .append(Text.count(cycles, "cycle"))
        .append(':');
    rows.forEach((name, row) -> text.append("\n  ")
        .append(name)
        .append(" ".repeat(Math.max(1, 11 - name.length())))
        .append(row[0])
        .append(" -> ")
        .append(row[1])
        .append(name.equals(THREADS) && threadsMore() > 0 ? " " + names() : ""));
    return text.append("\n  heap       ").append(heap).toString();
  }

  private String names() {
    return newThreads.stream()
        .limit(MOST_NAMES)
        .collect(joining("', '", "(new: '", newThreads.size() > MOST_NAMES ? "', ...)" : "')"));
  }

  private static String[] row(long one, long two) {
    return new String[] {Text.count(one), Text.count(two)};
  }
}
