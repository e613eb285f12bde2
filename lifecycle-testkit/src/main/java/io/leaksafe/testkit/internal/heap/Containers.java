package io.leaksafe.testkit.internal.heap;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.measure.Bytes;
import io.leaksafe.testkit.internal.heap.Paths.Amount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what holds the objects that there are more of in a second dump than in a first one. */
final class Containers {

  /**
   * What holds objects of a class.
   *
   * @param container what grows: the last on the path that is there as often as before
   * @param path      the steps from there to the objects
   * @param more      how many more objects there are by this path
   */
  record Held(String container, List<String> path, Amount more) {}

  private static final double PLAUSIBLE = 1.5;

  private Containers() {}

  /**
   * The container of each class, for those that have become more or longer by some path.
   *
   * <p>Of several paths, the one that grew by about what was counted is it. Others may grow by chance at the same time, such as
   * the tables of a class loader. An object that is reached in more than one way may be reached by another one in the second
   * dump, and then all that it holds seems to be new. So a path by which there is far more than what was counted does not count.
   *
   * @param counted by how many bytes each class grew, about
   */
  static Map<String, Held> compare(Path before, Path after, Map<String, Double> counted)
      throws IOException {
    Set<String> classes = counted.keySet();
    Paths first = Paths.of(Dump.read(before), classes);
    Paths second = Paths.of(Dump.read(after), classes);
    Map<String, Held> held = new HashMap<>();
    for (String name : classes) {
      Held likely = likely(first, second, name, counted.getOrDefault(name, 0.0));
      if (likely != null) {
        held.put(name, likely);
      }
    }
    return held;
  }

  private static @Nullable Held likely(Paths first, Paths second, String name, double counted) {
    int likely = -1;
    Amount more = Amount.NONE;
    for (Map.Entry<Integer, Amount> path : second.amounts(name).entrySet()) {
      Amount its = path.getValue().minus(first.amount(name, second.sameIn(first, path.getKey())));
      boolean isPlausible = its.bytes() > 0 && its.bytes() <= PLAUSIBLE * counted;
      if (isPlausible && Math.abs(its.bytes() - counted) < Math.abs(more.bytes() - counted)) {
        likely = path.getKey();
        more = its;
      }
    }
    return likely < 0 ? null : held(first, second, likely, more);
  }

  private static Held held(Paths first, Paths second, int node, Amount more) {
    List<Integer> path = second.nodes(node);
    int steady = 0;
    while (steady + 1 < path.size() && isSteady(first, second, path.get(steady + 1))) {
      steady++;
    }
    int last = steady;
    while (last > 0 && isOfTheJdk(second.name(path.get(last)))) {
      last--;
    }
    if (last > 0 && isOfTheJdk(second.name(path.get(last)))) {
      last = steady;
    }
    List<String> steps = new ArrayList<>();
    for (int i = last + 1; i < path.size(); i++) {
      steps.add(ClassNames.brief(second.name(path.get(i))));
    }
    String what = path.isEmpty() ? "the JVM itself" : second.name(path.get(last));
    String type = last + 1 < path.size() ? second.holder(path.get(last + 1)) : "";
    return new Held(what + (type.isEmpty() ? "" : ", a " + type), List.copyOf(steps), more);
  }

  private static boolean isSteady(Paths first, Paths second, int node) {
    return second.count(node) <= first.count(second.sameIn(first, node));
  }

  private static boolean isOfTheJdk(String step) {
    return step.startsWith("java.") || step.startsWith("jdk.") || step.startsWith("sun.");
  }

  /** One line: the container, and the way from it. */
  static String text(Held held, String className, int cycles) {
    String more = held.more().objects() > 0
        ? Text.count(held.more().objects()) + " more " + ClassNames.brief(className)
        : Bytes.text(held.more().bytes()) + " more in " + ClassNames.brief(className);
    return held.container()
        + (held.path().isEmpty() ? "" : " -> " + String.join(" -> ", held.path()))
        + ", " + more + " after " + Text.count(cycles, "cycle");
  }
}
