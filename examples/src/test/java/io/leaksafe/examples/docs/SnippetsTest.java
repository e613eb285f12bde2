package io.leaksafe.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.examples.docs.Docs.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README and the pages below docs show is what runs, and where they point there is something. */
class SnippetsTest {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern VERSION = Pattern.compile("<version>(\\d[^<]*)</version>");

  @Test
  void java_inEveryPage_isTheRegionThatItsMarkerNames() {
    if (Docs.UPDATE) {
      update();
    }
    List<String> wrong = new ArrayList<>();
    for (Block block : Docs.blocks()) {
      if (block.language().equals("java") && !isItsRegion(block)) {
        wrong.add(block.where() + " " + block.marker());
      }
    }
    assertThat(wrong)
        .as(
            "java blocks without '<!-- snippet: Class#region -->' above, or unlike that region; -Ddocs.update mends the latter")
        .isEmpty();
  }

  private static void update() {
    for (Block block : Docs.blocks()) {
      if (block.isMarked("snippet")) {
        String region = Docs.region(block.marker().get(1), block.marker().get(2));
        Docs.update(block.marker(), region.stripIndent().strip(), Docs::normal);
      }
    }
  }

  private static boolean isItsRegion(Block block) {
    return block.isMarked("snippet")
        && Docs.normal(Docs.region(block.marker().get(1), block.marker().get(2)))
            .equals(Docs.normal(block.text()));
  }

  @Test
  void text_inEveryPage_isComparedWithWhatATestPrints() {
    List<String> wrong = new ArrayList<>();
    for (Block block : Docs.blocks()) {
      if (block.language().equals("text") && !isMeasured(block) && !isPrinted(block)) {
        wrong.add(block.where() + " " + block.marker());
      }
    }
    assertThat(wrong)
        .as(
            "text blocks without '<!-- output: Class#name -->' above, or with no test that prints it")
        .isEmpty();
  }

  /** Benchmarks print something else each time. */
  private static boolean isMeasured(Block block) {
    return block.file().startsWith(Docs.ROOT.resolve("docs/reference/benchmarks"));
  }

  private static boolean isPrinted(Block block) {
    if (!block.isMarked("output")) {
      return false;
    }
    Path test = Docs.TESTS.resolve(block.marker().get(1) + ".java");
    return Files.exists(test)
        && Docs.lines(test).stream()
            .anyMatch(line -> line.contains("\"" + block.marker().get(2) + "\""));
  }

  @Test
  void links_inEveryPage_leadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path page : Docs.pages()) {
      Matcher links = LINK.matcher(prose(page));
      while (links.find()) {
        if (!leadsSomewhere(page, links.group(1))) {
          broken.add(Docs.ROOT.relativize(page) + " -> " + links.group(1));
        }
      }
    }
    assertThat(broken).as("broken links").isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) {
    if (link.contains("://") || link.startsWith("mailto:")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /** As the usual viewers make them: lower case, spaces to hyphens, punctuation dropped. */
  private static Set<String> anchors(Path page) {
    return Docs.lines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String prose(Path page) {
    StringBuilder prose = new StringBuilder();
    boolean code = false;
    for (String line : Docs.lines(page)) {
      code ^= line.startsWith("```");
      prose.append(code ? "" : CODE.matcher(line).replaceAll("")).append('\n');
    }
    return prose.toString();
  }

  @Test
  void readme_firstTwoShBlocks_areWhatTheBuildRuns() {
    assertThat(Docs.blocks(Docs.ROOT.resolve("README.md")))
        .filteredOn(block -> block.language().equals("sh"))
        .extracting(Block::text)
        .startsWith(
            "mvn -q -B -ntp -Dquick package -pl examples -am && java -jar examples/target/calls.jar",
            "mvn -B -ntp verify");
  }

  @Test
  void readme_coordinates_haveTheVersionOfThisBuild() {
    String version = versions(Docs.ROOT.resolve("pom.xml")).get(0);
    assertThat(versions(Docs.ROOT.resolve("README.md"))).isNotEmpty().containsOnly(version);
  }

  private static List<String> versions(Path file) {
    return VERSION
        .matcher(String.join("\n", Docs.lines(file)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void pages_belowDocs_areAllListedInTheIndex() {
    Path docs = Docs.ROOT.resolve("docs");
    String index = prose(docs.resolve("README.md"));
    assertThat(Docs.pages())
        .filteredOn(page -> page.startsWith(docs)
            && !page.endsWith("README.md")
            && !page.startsWith(docs.resolve("reference/benchmarks")))
        .allSatisfy(page -> assertThat(index).contains("](" + docs.relativize(page) + ")"));
  }
}
