package io.leaksafe.testkit.internal.heap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds what keeps an object alive: the shortest way to it from a root. */
final class Retention implements Walk.Marks {
  /*
   * An object's mark is the number of the object it was reached from, plus 1; or of the root, plus 1, negative.
   */
  private final Dump dump;
  private final Walk walk;
  private final int target;

  private Retention(Dump dump, int target, boolean soft) {
    this.dump = dump;
    this.target = target;
    this.walk = new Walk(dump, soft);
  }

  /**
   * Finds the object to which a weak reference refers, and what keeps it alive.
   *
   * @param file      the dump
   * @param reference the name of the weak reference's class, of which there must be one instance
   * @return a line for each step from the root on; empty if nothing keeps the object alive
   */
  static List<String> path(Path file, String reference) throws IOException {
    Dump dump = Dump.read(file);
    int target = -1;
    for (int object = 0; object < dump.size(); object++) {
      if (dump.tag(object) == Dump.INSTANCE && dump.classNameOf(object).equals(reference)) {
        target = dump.find(dump.reference(object, "referent"));
      }
    }
    if (target < 0) {
      return List.of();
    }
    Retention strong = new Retention(dump, target, false);
    if (strong.walk.run(strong, target)) {
      return strong.steps();
    }
    Retention soft = new Retention(dump, target, true);
    return soft.walk.run(soft, target) ? soft.steps() : List.of();
  }

  @Override
  public int ofRoot(int number) {
    return -1 - number;
  }

  @Override
  public int ofReference(int from, int mark, int to, DumpClass holder, int field) {
    return from + 1;
  }

  private List<String> steps() {
    List<String> steps = new ArrayList<>();
    int object = target;
    steps.add(dump.classNameOf(object));
    while (walk.mark(object) > 0) {
      int from = walk.mark(object) - 1;
      steps.add(step(from, object));
      object = from;
    }
    String root = Walk.label(dump, walk.roots().get(-1 - walk.mark(object)));
    if (!root.isEmpty()) {
      steps.add(root);
    }
    Collections.reverse(steps);
    return steps;
  }

  /** The first reference from one object to the other. */
  private String step(int from, int to) {
    String[] found = {"?"};
    References.each(dump, from, true, (reached, holder, field) -> {
      if (reached == to && found[0].equals("?")) {
        found[0] = References.label(holder, field, true);
      }
    });
    return found[0];
  }
}
