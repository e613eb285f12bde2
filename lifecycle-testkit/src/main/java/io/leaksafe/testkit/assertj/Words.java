package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import java.util.List;
import java.util.stream.Collectors;

/** The words of failures. */
final class Words {

  private static final int MOST = 20;

  private Words() {}

  /** What is still live, with who opened it and what to do. */
  static String stillLive(List<HandleInfo> live, String what, Scope scope) {
    String when = scope.state() == Scope.State.OPEN
        ? "in '" + scope.name() + "', which is open"
        : "after '" + scope.name() + "' closed";
    return count(live.size(), what) + " still live " + when + ":\n" + list(live)
        + "\nClose them where they are used, or close their scope.";
  }

  /** A line per handle; of many, the first. */
  static String list(List<HandleInfo> handles) {
    String lines =
        handles.stream().limit(MOST).map(handle -> "  " + handle).collect(Collectors.joining("\n"));
    if (handles.isEmpty()) {
      return "  none";
    }
    return handles.size() <= MOST
        ? lines
        : lines + "\n  ... and " + (handles.size() - MOST) + " more";
  }

  /** A count with its noun. */
  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
