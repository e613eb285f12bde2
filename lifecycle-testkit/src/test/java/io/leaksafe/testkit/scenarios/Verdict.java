package io.leaksafe.testkit.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/**
 * What came of one scenario in a JVM of its own.
 *
 * @param scenario its name
 * @param right    {@code right}, or what is wrong
 * @param message  what the check said of it; empty if nothing
 */
record Verdict(String scenario, String right, String message) {

  /** Runs scenarios in a JVM with these options. */
  static List<Verdict> of(Path folder, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    Path written = folder.resolve("verdicts");
    Path printed = folder.resolve("printed");
    List<String> all = new ArrayList<>(List.of(written.toString()));
    all.addAll(List.of(arguments));
    Process process = new ProcessBuilder(ForkedJvm.command(ScenarioRun.class, options, all))
        .redirectErrorStream(true)
        .redirectOutput(printed.toFile())
        .start();
    assertThat(process.waitFor()).as(Files.readString(printed)).isZero();
    return Files.readAllLines(written).stream().map(Verdict::parse).toList();
  }

  private static Verdict parse(String line) {
    String[] parts = line.split("\t", -1);
    return new Verdict(parts[0], parts[1], parts[2].replace("\\n", "\n"));
  }

  DynamicTest test() {
    return DynamicTest.dynamicTest(
        scenario, () -> assertThat(right).as(message).isEqualTo("right"));
  }
}
