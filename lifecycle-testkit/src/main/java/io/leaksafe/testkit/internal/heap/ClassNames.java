package io.leaksafe.testkit.internal.heap;

/** The names of classes, as histograms, dumps and people write them. */
final class ClassNames {

  private static final String LAMBDA = "$$Lambda";
  private static final String ACCESSOR = "Generated";

  private ClassNames() {}

  /**
   * Where the part of a class name ends that is the same for all its kin: lambdas of one class, hidden classes, generated
   * accessors. They get a new name each time they are spun.
   */
  static int end(CharSequence name, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = name.charAt(i);
      if (c == '$' && startsWith(name, i, to, LAMBDA)) {
        return i + LAMBDA.length();
      }
      if ((c == '/' || c == '+') && startsWith(name, i + 1, to, "0x")) {
        return i;
      }
    }
    int end = to;
    if (contains(name, from, to)) {
      while (end > from && Character.isDigit(name.charAt(end - 1))) {
        end--;
      }
    }
    return end;
  }

  private static boolean contains(CharSequence name, int from, int to) {
    for (int i = from; i < to; i++) {
      if (startsWith(name, i, to, ACCESSOR)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(CharSequence text, int from, int to, String what) {
    if (to - from < what.length()) {
      return false;
    }
    for (int i = 0; i < what.length(); i++) {
      if (text.charAt(from + i) != what.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The name of all its kin, as a person writes it: {@code byte[]}, {@code java.lang.String[]}. */
  static String plain(String name) {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    String element = name.substring(dimensions);
    if (dimensions > 0) {
      element = switch (element.isEmpty() ? ' ' : element.charAt(0)) {
        case 'Z' -> "boolean";
        case 'B' -> "byte";
        case 'C' -> "char";
        case 'S' -> "short";
        case 'I' -> "int";
        case 'J' -> "long";
        case 'F' -> "float";
        case 'D' -> "double";
        case 'L' -> element.substring(1, element.length() - (element.endsWith(";") ? 1 : 0));
        default -> element;
      };
    }
    return element.substring(0, end(element, 0, element.length())) + "[]".repeat(dimensions);
  }

  /** Without the package: {@code HashMap$Node.next} of {@code java.util.HashMap$Node.next}. */
  static String brief(String name) {
    int from = 0;
    for (int i = 0; i < name.length() && !Character.isUpperCase(name.charAt(i)); i++) {
      if (name.charAt(i) == '.') {
        from = i + 1;
      }
    }
    return name.substring(from);
  }
}
