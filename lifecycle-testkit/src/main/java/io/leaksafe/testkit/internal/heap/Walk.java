package io.leaksafe.testkit.internal.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Goes through the objects of a dump from what keeps them alive, nearest first, and marks each with how it was reached. */
final class Walk {

  /** Says what to mark objects with; never zero, which is for those that were not reached. */
  interface Marks {
    /** The mark of what a root keeps alive, which is one of {@link #roots}. */
    int ofRoot(int number);

    /** The mark of an object that was reached through a reference of another one. */
    int ofReference(int from, int mark, int target, DumpClass holder, int field);
  }

  private static final String BUILT_IN = "jdk.internal.loader.ClassLoaders$";

  private final Dump dump;
  private final boolean soft;
  private final List<Root> roots;
  private final int[] marks;
  private int[] queue = new int[1 << 12];
  private int tail;

  /** Through soft references as well, if wanted. */
  Walk(Dump dump, boolean soft) {
    this.dump = dump;
    this.soft = soft;
    this.marks = new int[dump.size()];
    this.roots = inOrder(dump);
  }

  /**
   * Classes first, so that a static field is named rather than what a thread reaches, too: those of the loaders that are never
   * unloaded. The others are alive as long as somebody refers to them.
   */
  private static List<Root> inOrder(Dump dump) {
    List<Root> roots = new ArrayList<>();
    for (DumpClass type : byName(dump)) {
      int loader = dump.find(type.loaderId);
      if (loader < 0 || dump.classNameOf(loader).startsWith(BUILT_IN)) {
        roots.add(new Root(type.id, Root.STICKY_CLASS, 0, -1));
      }
    }
    dump.roots.stream()
        .filter(root -> root.kind() != Root.STICKY_CLASS)
        .sorted(Comparator.comparingInt(Walk::rank).thenComparing(root -> className(dump, root)))
        .forEach(roots::add);
    return roots;
  }

  /** Of two ways of one length the first is found, and it should be the same one in two dumps, in which addresses differ. */
  private static List<DumpClass> byName(Dump dump) {
    List<DumpClass> classes = new ArrayList<>();
    dump.classes().forEach(classes::add);
    classes.sort(Comparator.comparing(type -> type.name));
    return classes;
  }

  private static String className(Dump dump, Root root) {
    int object = dump.find(root.id());
    return object < 0 ? "" : dump.classNameOf(object);
  }

  private static int rank(Root root) {
    return switch (root.kind()) {
      case Root.THREAD -> 0;
      case Root.FRAME, Root.JNI_LOCAL, Root.NATIVE_STACK -> 1;
      default -> 2;
    };
  }

  List<Root> roots() {
    return roots;
  }

  /** Marks what is alive, up to a given object if it is not negative; whether that was reached. */
  boolean run(Marks how, int stopAt) {
    for (int i = 0; i < roots.size(); i++) {
      int object = dump.find(roots.get(i).id());
      if (object >= 0 && marks[object] == 0) {
        enter(object, how.ofRoot(i));
      }
    }
    for (int head = 0; head < tail && (stopAt < 0 || marks[stopAt] == 0); head++) {
      int from = queue[head];
      References.each(dump, from, soft, (target, holder, field) -> {
        if (marks[target] == 0) {
          enter(target, how.ofReference(from, marks[from], target, holder, field));
        }
      });
    }
    return stopAt >= 0 && marks[stopAt] != 0;
  }

  private void enter(int object, int mark) {
    marks[object] = mark;
    if (tail == queue.length) {
      queue = Arrays.copyOf(queue, tail * 2);
    }
    queue[tail++] = object;
  }

  /** What an object was marked with; zero if it was not reached. */
  int mark(int object) {
    return marks[object];
  }

  /** What a person calls a root; empty for a class, whose static fields say it. */
  static String label(Dump dump, Root root) {
    String thread = root.thread() == 0 ? "" : " of thread '" + threadName(dump, root) + "'";
    String frame = dump.frame(root.thread(), root.frame());
    return switch (root.kind()) {
      case Root.STICKY_CLASS -> "";
      case Root.FRAME, Root.JNI_LOCAL, Root.NATIVE_STACK ->
        "local variable" + thread + (frame == null ? "" : " in " + frame);
      case Root.THREAD, Root.THREAD_BLOCK -> "thread '" + threadName(dump, root) + "'";
      case Root.JNI_GLOBAL -> "JNI global";
      case Root.MONITOR -> "monitor in use";
      default -> "the JVM itself";
    };
  }

  private static String threadName(Dump dump, Root root) {
    int thread = dump.find(dump.thread(root.thread()));
    return thread < 0 ? "?" : Strings.read(dump, dump.reference(thread, "name"));
  }
}
