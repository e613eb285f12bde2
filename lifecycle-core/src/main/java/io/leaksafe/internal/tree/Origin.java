package io.leaksafe.internal.tree;

import java.util.Arrays;
import java.util.List;

/** Where something happened: a stack that is recorded cheaply and only turned into frames when somebody asks. */
final class Origin extends Throwable {

  private static final long serialVersionUID = 1L;
  private static final String OURS = "io.leaksafe.";

  /** All packages of this library, by their beginnings: those of its testkit and examples are users. */
  static final List<String> PACKAGES = List.of(
      "buffer.",
      "cleanup.",
      "handle.",
      "health.",
      "hook.",
      "internal.",
      "listener.",
      "map.",
      "retry.",
      "schedule.",
      "share.",
      "time.",
      "timeout.");

  /** Where threads wait: nothing there calls a user's code. */
  private static final List<String> WAITING = List.of("internal.virtual.", "time.");

  Origin(String what) {
    super(what, null, false, true);
  }

  /** The frames from the first one outside this library on. */
  List<StackTraceElement> frames() {
    StackTraceElement[] stack = getStackTrace();
    int first = 0;
    while (first < stack.length && isOurs(stack[first].getClassName())) {
      first++;
    }
    return List.copyOf(Arrays.asList(stack).subList(first, stack.length));
  }

  /** The frames of a closer or task: those above the first of this library, which called it. */
  static List<StackTraceElement> ofUser(StackTraceElement[] stack) {
    int end = 0;
    while (end < stack.length && !isCaller(stack[end].getClassName())) {
      end++;
    }
    return Arrays.stream(stack, 0, end == 0 ? stack.length : end)
        .filter(frame -> !frame.getClassName().contains("$$Lambda"))
        .toList();
  }

  /** Whether it may have called a user's code. */
  private static boolean isCaller(String type) {
    return isOurs(type) && !isIn(WAITING, type);
  }

  private static boolean isOurs(String type) {
    return type.startsWith(OURS) && isIn(PACKAGES, type);
  }

  private static boolean isIn(List<String> packages, String type) {
    return packages.stream().anyMatch(name -> type.startsWith(name, OURS.length()));
  }
}
