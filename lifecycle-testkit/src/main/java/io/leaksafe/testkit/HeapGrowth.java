package io.leaksafe.testkit;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What cycles leave on the heap; an immutable copy that keeps none of it.
 *
 * @param windows how many windows there were
 * @param cycles  how many cycles a window had
 * @param growing the classes of which each cycle leaves more, the most bytes first; empty if there are none
 */
public record HeapGrowth(int windows, int cycles, List<Growing> growing) {

  private static final int MOST = 8;

  /**
   * A class whose objects become more.
   *
   * @param className         its name; lambdas of one class, and other classes that are spun anew each time, count as one
   * @param bytesPerCycle     how many bytes a cycle leaves, on average
   * @param instancesPerCycle how many objects a cycle leaves, on average; zero if arrays become longer
   * @param container         what holds them and becomes larger, such as a static field; empty if that was not found
   * @param heldBy            the container, the way from it, and how many more there were; or why that was not found
   */
  public record Growing(
      String className,
      double bytesPerCycle,
      double instancesPerCycle,
      String container,
      String heldBy) {

    private boolean isOfTheJdk() {
      return className.startsWith("java.")
          || className.startsWith("jdk.")
          || !className.contains(".");
    }
  }

  /**
   * Makes a copy.
   *
   * @param windows how many windows there were
   * @param cycles  how many cycles a window had
   * @param growing the classes
   */
  public HeapGrowth {
    growing = List.copyOf(growing);
  }

  /**
   * Tells whether the heap grows.
   *
   * @return whether any class does
   */
  public boolean grows() {
    return !growing.isEmpty();
  }

  /**
   * Sums what a cycle leaves.
   *
   * @return bytes of all classes that grow
   */
  public double bytesPerCycle() {
    return growing.stream().mapToDouble(Growing::bytesPerCycle).sum();
  }

  /** Returns what grows by how much, and what holds it, as a person reads it. */
  @Override
  public String toString() {
    String seen = Text.count(windows, "window") + " of " + Text.count(cycles, "cycle");
    if (!grows()) {
      return "no growth of the heap in " + seen;
    }
    StringBuilder text = new StringBuilder("the heap grows by ")
        .append(Bytes.text(bytesPerCycle()))
        .append(" a cycle, in each of ")
        .append(seen)
        .append(" and ")
        .append(windows)
        .append(" of ")
        .append(Text.count(2L * cycles))
        .append(':');
    growing.stream().limit(MOST).forEach(one -> text.append("\n  ").append(line(one)));
    if (growing.size() > MOST) {
      text.append("\n  ... and ").append(growing.size() - MOST).append(" more classes");
    }
    heldBy().forEach(what -> text.append("\nheld by ").append(what));
    return text.toString();
  }

  /** What holds them, each container once; of the classes it holds the user's own, and the nearest, speaks for the others. */
  private Collection<String> heldBy() {
    Map<String, Growing> byContainer = new LinkedHashMap<>();
    for (Growing one : growing) {
      if (!one.heldBy().isEmpty()) {
        byContainer.merge(one.container(), one, HeapGrowth::nearer);
      }
    }
    return byContainer.values().stream().map(Growing::heldBy).toList();
  }

  private static Growing nearer(Growing a, Growing b) {
    if (a.isOfTheJdk() != b.isOfTheJdk()) {
      return a.isOfTheJdk() ? b : a;
    }
    return b.heldBy().length() < a.heldBy().length() ? b : a;
  }

  private static String line(Growing one) {
    String number = one.instancesPerCycle() == 0
        ? "longer arrays"
        : one.instancesPerCycle() == 1 ? "1 object" : number(one.instancesPerCycle()) + " objects";
    return one.className() + ": " + Bytes.text(one.bytesPerCycle()) + " a cycle, " + number;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Text.count((long) value)
        : String.format(Locale.ROOT, "%.2g", value);
  }
}
