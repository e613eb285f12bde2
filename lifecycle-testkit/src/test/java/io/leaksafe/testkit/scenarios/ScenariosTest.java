package io.leaksafe.testkit.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

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
    List<String> options = agent.equals("agent") ? List.of() : List.of("-Dleaksafe.agent=off");
    List<Verdict> verdicts = Verdict.of(folder, options, mode, agent);
    assertThat(verdicts).hasSizeGreaterThan(60);
    return verdicts.stream().map(Verdict::test);
  }
}
