package io.leaksafe.testkit.internal.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects the user's lines of a stack, innermost first, and leaves out those that say nothing new.
 *
 * <p>A lambda goes by the method in which it was written. Then left out are
 *
 * <ul>
 *   <li>of neighbours of one method, all but the innermost: a lambda in a lambda, a recursion, a constructor called by another
 *       one of its class;
 *   <li>a method, further out, of which a lambda is listed: the lambda's line is inside of the statement that is running there;
 *   <li>a line that is listed: a recursion by way of other methods.
 * </ul>
 */
final class Lines {

  /**
   * The method of a lambda: of javac {@code lambda$open$0}, and {@code lambda$open$9e43c5fe$1} if it is serializable; of kotlinc
   * {@code open$lambda$0}, and that with lambdas inside; of scalac {@code $anonfun$open$1}.
   */
  private static final Pattern LAMBDA =
      Pattern.compile("lambda\\$(?<java>.+?)(\\$[0-9a-f]+)?\\$\\d+"
          + "|(?<kotlin>.+?)(\\$lambda\\$\\d+)+"
          + "|\\$anonfun\\$(?<scala>.+?)\\$\\d+");

  private final List<StackTraceElement> lines = new ArrayList<>();
  private final Set<String> listed = new HashSet<>();
  private final Set<String> withLambda = new HashSet<>();
  private String last = "";

  /** Adds the next one further out. */
  void add(StackTraceElement frame) {
    StackTraceElement line = readable(frame);
    String method = line.getClassName() + "." + line.getMethodName();
    boolean isNew = !method.equals(last)
        && !withLambda.contains(method)
        && listed.add(method + ":" + line.getLineNumber());
    if (line != frame) {
      withLambda.add(method);
    }
    if (isNew) {
      last = method;
      lines.add(line);
    }
  }

  List<StackTraceElement> all() {
    return List.copyOf(lines);
  }

  /** A lambda by the method in which it was written; anything else as it is. */
  static StackTraceElement readable(StackTraceElement frame) {
    String written = writtenIn(frame.getMethodName());
    return written.equals(frame.getMethodName())
        ? frame
        : new StackTraceElement(
            frame.getClassName(), written, frame.getFileName(), frame.getLineNumber());
  }

  private static String writtenIn(String method) {
    Matcher lambda = LAMBDA.matcher(method);
    if (!lambda.matches()) {
      return method;
    }
    String name = Stream.of("java", "kotlin", "scala")
        .map(lambda::group)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(method);
    return switch (name) {
      case "new" -> "<init>"; // neither is a name that a method could have
      case "static" -> "<clinit>";
      default -> name;
    };
  }
}
