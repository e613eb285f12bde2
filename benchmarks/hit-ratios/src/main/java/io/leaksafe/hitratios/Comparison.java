package io.leaksafe.hitratios;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Replays traces through every policy and writes a line for each size, then what it comes to. */
final class Comparison {

  private static final double CLOSE = 1;

  private final Map<String, Policy> policies;
  private final PrintWriter out;
  private int pairs;
  private int close;
  private double sum;
  private double worst = Double.POSITIVE_INFINITY;
  private String worstPair = "";

  /**
   * Compares what is given.
   *
   * @param policies by name; {@link Policies#OURS} and {@link Policies#CAFFEINE} are among them
   */
  Comparison(Map<String, Policy> policies, PrintWriter out) {
    this.policies = policies;
    this.out = out;
  }

  void header() {
    out.printf("%-28s %9s %9s", "trace", "accesses", "size");
    policies.keySet().forEach(name -> out.printf(" %9s", name));
    out.printf(" %9s%n", "ours - C");
    out.flush();
  }

  /** The sizes are replayed at the same time, on as many threads as there are cores; the lines come in the order asked for. */
  void replay(Trace trace, List<Integer> sizes) {
    sizes.parallelStream().map(size -> line(trace, size)).toList().forEach(this::write);
  }

  private Line line(Trace trace, int size) {
    return new Line(
        trace.name(),
        trace.length(),
        size,
        policies.entrySet().stream()
            .collect(Collectors.toMap(
                Map.Entry::getKey,
                policy -> 100.0 * policy.getValue().hits(trace, size) / trace.length())));
  }

  private void write(Line line) {
    double gain = line.percent.get(Policies.OURS) - line.percent.get(Policies.CAFFEINE);
    out.printf(Locale.ROOT, "%-28s %,9d %,9d", line.trace, line.accesses, line.size);
    policies.keySet().forEach(name -> out.printf(Locale.ROOT, " %9.2f", line.percent.get(name)));
    out.printf(Locale.ROOT, " %+9.2f%n", gain);
    out.flush();
    pairs++;
    sum += gain;
    close += gain >= -CLOSE ? 1 : 0;
    if (gain < worst) {
      worst = gain;
      worstPair = line.trace + "@" + line.size;
    }
  }

  void summary() {
    out.printf(
        Locale.ROOT,
        "%nours minus Caffeine: mean %+.2f points over %,d pairs of trace and size; %,d at most %.0f point below; worst %+.2f (%s)%n",
        sum / pairs,
        pairs,
        close,
        CLOSE,
        worst,
        worstPair);
    out.flush();
  }

  private record Line(String trace, int accesses, int size, Map<String, Double> percent) {}
}
