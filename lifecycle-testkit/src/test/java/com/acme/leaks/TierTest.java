package com.acme.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.internal.ledger.InOurPackage;
import io.leaksafe.testkit.leak.LeakProbe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Each in a JVM of its own: how the agent comes, and what is left without it. */
class TierTest {
  private static final String LEAK = "THREAD \"stuck\", daemon, waiting";

  @Test
  void tier_inThisJvm_hasAllProbes() {
    try (LeakProbe probe = LeakProbe.start()) {
      assertThat(probe.tier()).matches("agent \\(self-loaded\\), (\\d+)/\\1 probes, JDK .*");
    }
  }

  @Test
  void agent_selfLoaded_saysSoAndNamesTheLine() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of());

    assertThat(text)
        .contains(LEAK, "made by OneThread.main(", "leak check: agent (self-loaded), ")
        .contains("second: clean");
  }

  /** The library's own tests are in its packages, too: it is known by where its classes are. */
  @Test
  void lines_ofAClassInOurPackagesButElsewhere_areTheUsers() throws Exception {
    String text = OwnJvm.run(InOurPackage.class, List.of());

    assertThat(text)
        .containsPattern(
            "THREAD \"stuck\", daemon, \\w+ at InOurPackage.main\\(InOurPackage.java:\\d+\\) ")
        .contains("made by InOurPackage.main(");
  }

  @Test
  void agent_givenOnTheCommandLine_isNotLoadedAgain() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of("-javaagent:" + OwnJvm.agentJar()));

    assertThat(text).contains(LEAK, "leak check: agent (-javaagent), ");
    assertThat(text).doesNotContain("has been loaded dynamically");
  }

  @Test
  void agent_switchedOff_leavesThreadsAndDescriptors() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of("-Dleaksafe.agent=off"));

    assertThat(text)
        .contains(LEAK, "leak check: no agent (switched off by -Dleaksafe.agent=off)")
        .contains("second: clean");
  }

  @Test
  void agent_withAnUnknownSetting_saysWhatIsAllowed() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of("-Dleaksafe.agent=maybe"));

    assertThat(text)
        .contains("leaksafe.agent must be auto or off, was \"maybe\"")
        .contains(LEAK);
  }

  /** Before JDK 21 the flag does not concern the command that the testkit uses. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void agent_refusedByTheJvm_isAReasonAndNoFailure() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of("-XX:-EnableDynamicAgentLoading"));

    assertThat(text).contains(LEAK, "leak check: no agent (refused by the JVM: ");
  }

  @Test
  void agent_whoseJarCannotBeExtracted_isAReasonAndNoFailure() throws Exception {
    String text = OwnJvm.run(OneThread.class, List.of("-Djava.io.tmpdir=no/such/folder"));

    assertThat(text).contains(LEAK, "leak check: no agent (its jar could not be extracted: ");
  }
}
