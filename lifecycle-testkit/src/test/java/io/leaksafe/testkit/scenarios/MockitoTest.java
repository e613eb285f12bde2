package io.leaksafe.testkit.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The check beside Mockito's inline mock maker, in whatever order the two agents come. */
@Timeout(120)
class MockitoTest {

  private static final Path MOCKITO = ForkedJvm.place("org.mockito.Mockito");

  @TempDir
  Path folder;

  @TestFactory
  Stream<DynamicTest> bothLoadThemselves() throws Exception {
    return verdicts("self-loaded");
  }

  @TestFactory
  Stream<DynamicTest> mockitoOnTheCommandLine() throws Exception {
    return verdicts("self-loaded", MOCKITO);
  }

  @TestFactory
  Stream<DynamicTest> mockitoBeforeOurs() throws Exception {
    return verdicts("-javaagent", MOCKITO, ForkedJvm.agent());
  }

  @TestFactory
  Stream<DynamicTest> mockitoAfterOurs() throws Exception {
    return verdicts("-javaagent", ForkedJvm.agent(), MOCKITO);
  }

  private Stream<DynamicTest> verdicts(String how, Path... agents) throws Exception {
    List<String> options =
        new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // starts sooner
    Arrays.stream(agents).forEach(agent -> options.add("-javaagent:" + agent));
    List<Verdict> verdicts = Verdict.of(folder, options, "sequential", "agent", "MockitoScenarios");
    assertThat(verdicts).hasSize(7);
    assertThat(verdicts)
        .filteredOn(each -> each.message().contains("LeakError"))
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.message())
            .containsPattern("leak check: agent \\(" + how + "\\), (\\d+)/\\1 probes, JDK "));
    return verdicts.stream().map(Verdict::test);
  }
}
