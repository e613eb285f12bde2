package io.leaksafe.testkit.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every scenario, in order and at the same time, with the agent and without: is every verdict right, and does it say why? */
@Execution(ExecutionMode.CONCURRENT)
class ScenariosTest {

  @TempDir
  Path folder;

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> sequentialWithAgent() throws Exception {
    return verdicts("sequential", "agent");
  }

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> concurrentWithAgent() throws Exception {
    return verdicts("concurrent", "agent");
  }

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> sequentialWithoutAgent() throws Exception {
    return verdicts("sequential", "no-agent");
  }

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> concurrentWithoutAgent() throws Exception {
    return verdicts("concurrent", "no-agent");
  }

  private Stream<DynamicTest> verdicts(String mode, String agent) throws Exception {
    Path written = folder.resolve("verdicts");
    Path printed = folder.resolve("printed");
    Process process = new ProcessBuilder(ForkedJvm.command(
            ScenarioRun.class, agent.equals("no-agent"), written.toString(), mode, agent))
        .redirectErrorStream(true)
        .redirectOutput(printed.toFile())
        .start();
    assertThat(process.waitFor()).as(Files.readString(printed)).isZero();
    List<String> lines = Files.readAllLines(written);
    assertThat(lines).hasSizeGreaterThan(60);
    return lines.stream()
        .map(line -> line.split("\t", -1))
        .map(line -> DynamicTest.dynamicTest(
            line[0],
            () -> assertThat(line[1]).as(line[2].replace("\\n", "\n")).isEqualTo("right")));
  }
}
