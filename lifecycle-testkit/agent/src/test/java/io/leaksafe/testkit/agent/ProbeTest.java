package io.leaksafe.testkit.agent;

import static io.leaksafe.testkit.agent.Hook.NONE;
import static io.leaksafe.testkit.agent.Hook.THIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a probe finds its places in this JDK, and what it says when it does not. */
class ProbeTest {

  private static byte[] bytes(String type) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(type + ".class")) {
      return Objects.requireNonNull(in, type).readAllBytes();
    }
  }

  private static Probe woven(Probe probe, String type) throws IOException {
    Weaver.weave(
        bytes(type),
        probe.hooks.stream().filter(hook -> hook.type().equals(type)).toList(),
        event -> 1,
        probe::found);
    return probe;
  }

  @Test
  void problem_ofAProbeWhosePlaceIsThere_isNone() throws IOException {
    Probe probe =
        new Probe("timers", 17).at("timer", "java/util/Timer", "<init>", Place.EXIT, THIS, NONE);

    assertThat(woven(probe, "java/util/Timer").problem()).isNull();
  }

  @Test
  void problem_ofAMethodThatThisJdkLacks_namesEventAndClass() throws IOException {
    Probe probe = new Probe("timers", 17)
        .at("timer", "java/util/Timer", "noSuchMethod", Place.ENTRY, THIS, NONE);

    assertThat(woven(probe, "java/util/Timer").problem())
        .isEqualTo("no place found for {timer=[java/util/Timer]}");
  }

  @Test
  void problem_ofTwoNamesForOneEvent_isNoneWhenOneIsThere() throws IOException {
    Probe probe = new Probe("timers", 17)
        .at("timer", "java/util/Timer", "noSuchMethod", Place.ENTRY, THIS, NONE)
        .at("timer", "java/util/Timer", "cancel", Place.ENTRY, THIS, NONE);

    assertThat(woven(probe, "java/util/Timer").problem()).isNull();
  }

  @Test
  void problem_ofAClassThatThisJdkLacks_isSaid() {
    Probe probe = new Probe("new things", 17)
        .at("thing", "java/lang/Thing", "start", Place.ENTRY, THIS, NONE);

    assertThat(probe.problem()).isEqualTo("no place found for {thing=[java/lang/Thing]}");
  }

  @Test
  void problem_ofAClassThatIsNotLoadedYet_isNone() {
    Probe probe = new Probe("new things", 17)
        .at("thing", "java/lang/Thing", "start", Place.ENTRY, THIS, NONE)
        .whenLoaded();

    assertThat(probe.problem()).isNull();
  }

  @Test
  void problem_ofAClassThatCannotBeChanged_isTheFirstReason() {
    Probe probe = new Probe("timers", 17);
    probe.failed("first");
    probe.failed("second");

    assertThat(probe.problem()).isEqualTo("first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java/util/concurrent/ThreadPoolExecutor",
        "java/util/concurrent/ForkJoinPool",
        "java/util/concurrent/ForkJoinTask",
        "java/util/TimerThread"
      })
  void weave_aClassWithSpansAndCalls_changesNoMembers(String type) throws IOException {
    byte[] before = bytes(type);
    byte[] after = Weaver.weave(
        before,
        Probes.all().stream()
            .flatMap(probe -> probe.hooks.stream())
            .filter(hook -> hook.type().equals(type))
            .toList(),
        event -> 1,
        hook -> assertThat(hook.type()).isEqualTo(type));

    assertThat(after).hasSizeGreaterThan(before.length);
    assertThat(Members.of(after)).isEqualTo(Members.of(before));
  }
}
