package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.check.Text;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words of failures: what, with which value, what to do. */
final class Words {

  private static final int MOST = 20;

  private Words() {}

  /** What is still live, with who opened it and what to do. */
  static String stillLive(List<HandleInfo> live, String what, Scope scope) {
    String name = "'" + scope.name() + "'";
    String still = Text.count(live.size(), what) + " still live ";
    return switch (scope.state()) {
      case OPEN ->
        still + "in " + name + ", which is open:\n" + list(live)
            + "\nClose them where their work ends, or close " + name + " first.";
      case CLOSING ->
        still + "in " + name + ", which is closing:\n" + list(live)
            + "\nLook again when that has ended.";
      case CLOSED ->
        still + "after " + name + " closed:\n" + list(live)
            + "\nTheir closers have not ended; the report of the close says where each is stuck.";
    };
  }

  /** A line per handle; of many, the first. */
  static String list(List<HandleInfo> handles) {
    if (handles.isEmpty()) {
      return "  none";
    }
    String lines = handles.stream()
        .limit(MOST)
        .map(handle -> "  " + line(handle))
        .collect(Collectors.joining("\n"));
    return handles.size() <= MOST
        ? lines
        : lines + "\n  ... and " + Text.count(handles.size() - MOST) + " more";
  }

  /** Kind, path, what its kind has to say, and who opened it. */
  static String line(HandleInfo handle) {
    StringBuilder text = new StringBuilder(lower(handle.kind()))
        .append(" '")
        .append(handle.path())
        .append('\'');
    handle
        .details()
        .forEach((key, value) -> text.append(", ").append(key).append(' ').append(value));
    return text.append(", ").append(handle.opening()).toString();
  }

  /** A constant as it stands inside a sentence. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
