package io.leaksafe.testkit.internal.heap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many objects of a dump are reached by which path: the names of fields from a root on, without indexes. */
final class Paths implements Walk.Marks {
  /*
   * Idea. Objects move, so those of two dumps cannot be compared by identity; the paths to them can. A path is a node of a
   * trie, and the mark of every object that is reached by it. Steps from a class to itself are one step, so that the elements of
   * a linked list have one path however long it is; what goes round by way of several classes ends at a depth.
   */
  private static final int ROOT = 1;
  private static final int FIRST = 2;
  private static final int DEEPEST = 48;
  private static final int MOST = 1 << 20;

  private final LongIndex nodes = new LongIndex();
  private int[] parents = new int[1 << 10];
  private int[] labelOf = new int[1 << 10];
  private int[] counts = new int[1 << 10];
  private byte[] depths = new byte[1 << 10];
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> holders = new ArrayList<>();
  private final IdentityHashMap<DumpClass, Map<Integer, Integer>> labelsOfClass =
      new IdentityHashMap<>();
  private final Map<String, Map<Integer, Amount>> suspects = new HashMap<>();
  private final Dump dump;
  private final Walk walk;

  /** How many objects there are, and their size without headers. */
  record Amount(int objects, long bytes) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(Amount more) {
      return new Amount(objects + more.objects, bytes + more.bytes);
    }

    Amount minus(Amount less) {
      return new Amount(objects - less.objects, bytes - less.bytes);
    }
  }

  private Paths(Dump dump) {
    this.dump = dump;
    this.walk = new Walk(dump, true);
  }

  /** Walks through a dump, and counts objects of these classes by their paths. */
  static Paths of(Dump dump, Set<String> classes) {
    Paths paths = new Paths(dump);
    paths.walk.run(paths, -1);
    for (int object = 0; object < dump.size(); object++) {
      int mark = paths.walk.mark(object);
      if (mark != 0) {
        paths.counts[mark]++;
        String name = dump.classNameOf(object);
        if (classes.contains(name)) {
          paths
              .suspects
              .computeIfAbsent(name, any -> new HashMap<>())
              .merge(mark, new Amount(1, dump.bytesOf(object)), Amount::plus);
        }
      }
    }
    return paths;
  }

  // ---- marks

  @Override
  public int ofRoot(int number) {
    Root root = walk.roots().get(number);
    String label = Walk.label(dump, root);
    return label.isEmpty() ? ROOT : extend(ROOT, label(label, ""));
  }

  @Override
  public int ofReference(int from, int mark, int target, DumpClass holder, int field) {
    int label = label(holder, Math.max(field, References.ELEMENT));
    boolean same = dump.tag(target) == Dump.INSTANCE && holder.equals(dump.classOf(target));
    if (same && mark != ROOT && holders.get(labelOf[mark]).equals(holder.name)) {
      return mark;
    }
    return extend(mark, label);
  }

  private int label(DumpClass holder, int field) {
    return labelsOfClass
        .computeIfAbsent(holder, any -> new HashMap<>())
        .computeIfAbsent(field, any -> label(References.label(holder, field, false), holder.name));
  }

  private int label(String name, String holder) {
    return labels.computeIfAbsent(name + " of " + holder, any -> {
      names.add(name);
      holders.add(holder);
      return names.size() - 1;
    });
  }

  private int extend(int parent, int label) {
    if (depths[parent] >= DEEPEST || nodes.size() >= MOST) {
      return parent;
    }
    int node = FIRST + nodes.add(key(parent, label));
    if (node >= parents.length) {
      int room = node * 2;
      parents = Arrays.copyOf(parents, room);
      labelOf = Arrays.copyOf(labelOf, room);
      counts = Arrays.copyOf(counts, room);
      depths = Arrays.copyOf(depths, room);
    }
    parents[node] = parent;
    labelOf[node] = label;
    depths[node] = (byte) (depths[parent] + 1);
    return node;
  }

  private static long key(int parent, int label) {
    return (long) parent << Integer.SIZE | label + 1L;
  }

  // ---- what came of it

  /** The paths by which objects of a class are reached, with how many are by each. */
  Map<Integer, Amount> amounts(String className) {
    return suspects.getOrDefault(className, Map.of());
  }

  /** How many objects of a class are reached by a path. */
  Amount amount(String className, int node) {
    return suspects.getOrDefault(className, Map.of()).getOrDefault(node, Amount.NONE);
  }

  /** How many objects are reached by a path. */
  int count(int node) {
    return node < 0 ? 0 : counts[node];
  }

  /** The nodes of a path from its first step to the given one. */
  List<Integer> nodes(int node) {
    Deque<Integer> path = new ArrayDeque<>();
    for (int at = node; at >= FIRST; at = parents[at]) {
      path.addFirst(at);
    }
    return List.copyOf(path);
  }

  /** What a person calls the last step of a path. */
  String name(int node) {
    return names.get(labelOf[node]);
  }

  /** The class of what holds the last step of a path; empty for a root. */
  String holder(int node) {
    return holders.get(labelOf[node]);
  }

  /** The node that has the same path in another dump; -1 if there is none. */
  int sameIn(Paths other, int node) {
    int at = ROOT;
    for (int step : nodes(node)) {
      Integer label = other.labels.get(name(step) + " of " + holder(step));
      int found = label == null ? -1 : other.nodes.find(key(at, label));
      if (found < 0) {
        return -1;
      }
      at = FIRST + found;
    }
    return at;
  }
}
