package io.leaksafe.examples.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown files of the project and the code and output that they show. */
final class Docs {

  /** Above a block: where its code comes from, or which test prints it. */
  private static final Pattern MARKER =
      Pattern.compile("<!-- (snippet|output): (\\w+)#([\\w-]+) -->");

  private static final Pattern LINE_NUMBER = Pattern.compile("(\\w\\.java):\\d+");

  private static final Pattern TIME = Pattern.compile("\\b\\d+(\\.\\d+)? (ns|µs|ms|s)\\b");

  /** With {@code -Ddocs.update} the pages are changed to what the code and the output are now. */
  static final boolean UPDATE = System.getProperty("docs.update") != null;

  static final Path ROOT = root();
  static final Path TESTS = ROOT.resolve("examples/src/test/java/io/leaksafe/examples/docs");

  /**
   * A fenced block.
   *
   * @param file     where it is
   * @param line     the number of its first fence
   * @param language what follows the first fence
   * @param marker   the comment above it: its kind, class and name; empty if there is none
   * @param text     its lines
   */
  record Block(Path file, int line, String language, List<String> marker, String text) {
    String where() {
      return ROOT.relativize(file) + ":" + line;
    }

    boolean isMarked(String kind) {
      return !marker.isEmpty() && marker.get(0).equals(kind);
    }
  }

  private Docs() {}

  /** Puts the text into the block below each such marker, if it says something else; makes the block if there is none. */
  static synchronized void update(
      List<String> marker, String text, UnaryOperator<String> normalised) {
    String comment = "<!-- " + marker.get(0) + ": " + marker.get(1) + "#" + marker.get(2) + " -->";
    String language = marker.get(0).equals("snippet") ? "java" : "text";
    Pattern below =
        Pattern.compile("(?s)" + Pattern.quote(comment) + "\\n(```\\w+\\n(.*?)\\n```\\n)?");
    for (Path page : pages()) {
      String before = String.join("\n", lines(page)) + "\n";
      String after = below.matcher(before).replaceAll(found -> {
        boolean same = found.group(2) != null
            && normalised.apply(found.group(2)).equals(normalised.apply(text));
        return Matcher.quoteReplacement(
            same
                ? found.group()
                : comment + "\n```" + language + "\n" + text.stripTrailing() + "\n```\n");
      });
      if (!after.equals(before)) {
        write(page, after);
      }
    }
  }

  private static void write(Path page, String text) {
    try {
      Files.writeString(page, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("lifecycle-core/pom.xml"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException(
            "Run this inside the project: there is no lifecycle-core above "
                + Path.of("").toAbsolutePath() + ".");
      }
    }
    return path;
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The README, the pages below docs, and the other Markdown files of the root. */
  static List<Path> pages() {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Block> blocks(Path file) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        String language = lines.get(i).substring(3);
        String text = String.join("\n", lines.subList(i + 1, end));
        blocks.add(new Block(file, i + 1, language, marker(i == 0 ? "" : lines.get(i - 1)), text));
        i = end;
      }
    }
    return blocks;
  }

  private static List<String> marker(String line) {
    Matcher marker = MARKER.matcher(line);
    return marker.matches()
        ? List.of(marker.group(1), marker.group(2), marker.group(3))
        : List.of();
  }

  static List<Block> blocks() {
    return pages().stream().flatMap(file -> blocks(file).stream()).toList();
  }

  /** The lines between {@code // region name} and {@code // endregion} in a class of this package. */
  static String region(String type, String name) {
    List<String> lines = lines(TESTS.resolve(type + ".java"));
    int begin = indexOf(lines, "// region " + name, 0);
    int end = begin < 0 ? -1 : indexOf(lines, "// endregion", begin);
    return end < 0 ? "no region '" + name + "'" : String.join("\n", lines.subList(begin + 1, end));
  }

  private static int indexOf(List<String> lines, String wanted, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  /** Text without indentation, blank lines and line breaks, which differ between code and page. */
  static String normal(String code) {
    return Arrays.stream(code.split("\n"))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(joining("\n"));
  }

  /** Fails unless the block with this marker shows exactly what was printed; numbers of lines may differ. */
  static void assertShown(String type, String name, String printed) {
    assertShown(type, name, printed, Docs::plain);
  }

  /** As {@link #assertShown}, for what runs in real time: lengths of time may differ, too. */
  static void assertShownButForTimes(String type, String name, String printed) {
    assertShown(type, name, printed, text -> TIME.matcher(plain(text)).replaceAll("1 ms"));
  }

  private static void assertShown(
      String type, String name, String printed, UnaryOperator<String> normalised) {
    List<String> marker = List.of("output", type, name);
    if (UPDATE) {
      update(marker, printed, normalised);
    }
    List<Block> shown =
        blocks().stream().filter(block -> block.marker().equals(marker)).toList();
    assertThat(shown).as("blocks marked 'output: %s#%s'", type, name).isNotEmpty();
    for (Block block : shown) {
      assertThat(normalised.apply(block.text()))
          .as(block.where())
          .isEqualTo(normalised.apply(printed));
    }
  }

  private static String plain(String text) {
    return LINE_NUMBER
        .matcher(text)
        .replaceAll("$1:0")
        .lines()
        .map(String::stripTrailing)
        .collect(joining("\n"));
  }

  /** Runs something under another thread name, so that what is printed does not depend on who runs the tests. */
  static void onThreadNamed(String name, Runnable body) {
    madeBy(name, () -> {
      body.run();
      return name;
    });
  }

  /** As {@link #onThreadNamed}, for what returns something. */
  static <T> T madeBy(String name, Supplier<T> body) {
    Thread self = Thread.currentThread();
    String before = self.getName();
    self.setName(name);
    try {
      return body.get();
    } finally {
      self.setName(before);
    }
  }
}
