package com.acme.check;

import static io.leaksafe.testkit.leak.LeakKind.CLEANUP_MANAGER;
import static io.leaksafe.testkit.leak.LeakKind.FILE;
import static io.leaksafe.testkit.leak.LeakKind.THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.testkit.VirtualTime;
import io.leaksafe.testkit.junit.AllowLeak;
import io.leaksafe.testkit.junit.LeakCheck;
import io.leaksafe.testkit.junit.LeakCheckExtension;
import io.leaksafe.testkit.leak.LeakError;
import io.leaksafe.testkit.leak.LeakProbe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Annotations, parameters and configuration: what they do, and what is said of those that make no sense. */
@Isolated // the log, and system properties
class LeakCheckExtensionTest {

  static {
    Module ours = LeakCheckExtensionTest.class.getModule();
    for (String log : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
      ModuleLayer.boot().findModule(log).ifPresent(ours::addReads);
    }
  }

  private static final List<CleanupManager> MADE = new CopyOnWriteArrayList<>();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    logger().detachAppender(log);
    MADE.forEach(CleanupManager::shutdown);
    MADE.clear();
  }

  private static Logger logger() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger("io.leaksafe.testkit.junit");
  }

  private List<String> logged() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static CleanupManager left(String name) {
    CleanupManager manager = CleanupManager.create(name);
    manager.register("socket", "socket", socket -> {});
    MADE.add(manager);
    return manager;
  }

  private static Launch run(Class<?> type) {
    return Launch.of(type, Map.of());
  }

  // ---- annotations that make no sense

  @ExtendWith(LeakCheckExtension.class)
  static class Mistaken {
    @Test
    @AllowLeak(kind = THREAD, because = " ")
    void blankReason() {}

    @Test
    @LeakCheck(false)
    @AllowLeak(kind = THREAD, because = "it is so")
    void allowedAndUnchecked() {}

    @Test
    @AllowLeak(kind = THREAD, openedAt = "a.B", because = "it is so")
    @AllowLeak(kind = THREAD, openedAt = "a.B", because = "and so")
    void allowedTwice() {}

    @Test
    @LeakCheck(graceMillis = -7)
    void negativeGrace() {}

    @Test
    @LeakCheck(value = false, graceMillis = 7)
    void graceOfNothing() {}
  }

  @Test
  void annotations_thatMakeNoSense_failTheTestWithWhatToChange() {
    Launch launch = run(Mistaken.class);
    assertThat(launch.failure("blankReason"))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessage(
            "LeakCheckExtensionTest.Mistaken.blankReason(): because of @AllowLeak(kind = THREAD, because = \"\") must not be "
                + "blank. Say why the leak is accepted, for who reads this in a year.");
    assertThat(launch.failure("allowedAndUnchecked"))
        .hasMessageContaining(
            "@AllowLeak(kind = THREAD, because = \"it is so\") has no effect under "
                + "@LeakCheck(false). Leave one of the two out.");
    assertThat(launch.failure("allowedTwice"))
        .hasMessageContaining(
            "@AllowLeak(kind = THREAD, openedAt = \"a.B\", because = \"and so\") is there "
                + "twice. Leave one of the two out.");
    assertThat(launch.failure("negativeGrace"))
        .hasMessageContaining("graceMillis of @LeakCheck must be between 0 and 600,000, was -7.");
    assertThat(launch.failure("graceOfNothing"))
        .hasMessageContaining(
            "@LeakCheck(false) waits for nothing, so its graceMillis = 7 has no effect.");
  }

  @ExtendWith(LeakCheckExtension.class)
  @AllowLeak(kind = FILE, because = "")
  static class MistakenClass {
    @Test
    void isNotRun() {}
  }

  @Test
  void annotations_ofAClass_thatMakeNoSense_failTheClass() {
    assertThat(run(MistakenClass.class).failure("LeakCheckExtensionTest$MistakenClass"))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageStartingWith("LeakCheckExtensionTest.MistakenClass: because of @AllowLeak");
  }

  // ---- what is allowed

  @ExtendWith(LeakCheckExtension.class)
  @AllowLeak(kind = CLEANUP_MANAGER, openedAt = "com.acme.check", because = "shown")
  static class Allowing {
    @Test
    void leaves() {
      left("allowed");
    }

    @Test
    @AllowLeak(
        kind = CLEANUP_MANAGER,
        openedAt = "com.acme.Elsewhere",
        because = "nothing is left there")
    void leavesNothing() {}
  }

  @Test
  void allowLeak_ofNoUse_isReportedWhereItStands() {
    Launch launch = run(Allowing.class);
    assertThat(launch.failure("leaves")).isNull();
    assertThat(launch.failure("leavesNothing")).isNull();
    String text =
        "@AllowLeak(kind = CLEANUP_MANAGER, openedAt = \"com.acme.Elsewhere\", because = \"nothing is left there\") "
            + "at LeakCheckExtensionTest.Allowing.leavesNothing() allowed nothing: no such leak. Take it out.";
    assertThat(logged()).containsExactly(text);
    assertThat(launch.entries()).containsExactly("leavesNothing(): {leak check=" + text + "}");
  }

  // ---- configuration

  @ExtendWith(LeakCheckExtension.class)
  static class Leaving {
    @Test
    void leaves() {
      left("orders");
    }
  }

  @Test
  void check_aManagerLeftOpen_failsTheTest() {
    assertThat(run(Leaving.class).failure("leaves"))
        .isInstanceOf(LeakError.class)
        .hasMessageStartingWith(
            "LeakCheckExtensionTest.Leaving.leaves() left 1 thing behind (waited 250 ms)")
        .hasMessageContaining("CLEANUP MANAGER \"orders\", never closed")
        .hasMessageContaining("made by LeakCheckExtensionTest.left(LeakCheckExtensionTest.java:")
        .hasMessageContaining("JDK " + Runtime.version().feature())
        .hasMessageEndingWith(", sequential");
  }

  @Test
  void check_twiceInOneJvm_isNotConfusedByUniqueIdsThatRepeat() {
    assertThat(run(Leaving.class).failure("leaves")).isInstanceOf(LeakError.class);
    assertThat(run(Leaving.class).failure("leaves")).isInstanceOf(LeakError.class);
  }

  @Test
  void configuration_off_checksNothing() {
    Launch launch = Launch.of(Leaving.class, Map.of(LeakCheckExtension.ENABLED, "false"));
    assertThat(launch.failure("leaves")).isNull();
  }

  @Test
  void configuration_ofAnotherGrace_isWaitedFor() {
    Launch launch = Launch.of(Leaving.class, Map.of(LeakCheckExtension.GRACE_MILLIS, "1"));
    assertThat(launch.failure("leaves")).hasMessageContaining("(waited 1 ms)");
  }

  @Test
  void configuration_thatMakesNoSense_isLoggedAndHasNoEffect() {
    Launch launch = Launch.of(
        Leaving.class,
        Map.of(
            LeakCheckExtension.ENABLED,
            "maybe",
            LeakCheckExtension.GRACE_MILLIS,
            "long",
            LeakCheckExtension.ALSO,
            "JVM_STATE, COFFEE"));
    assertThat(launch.failure("leaves")).isInstanceOf(LeakError.class);
    assertThat(logged()).hasSize(3);
    assertThat(logged().get(0))
        .isEqualTo("leaksafe.check.enabled must be true or false, was 'maybe'. Tests are checked.");
    assertThat(logged().get(1))
        .isEqualTo(
            "leaksafe.check.graceMillis must be a number from 0 to 99999, was 'long'. The grace is 250 ms.");
    assertThat(logged().get(2))
        .startsWith(
            "leaksafe.check.also names the kind 'COFFEE', which this version of the testkit does not know. "
                + "Kinds are [THREAD, ");
  }

  // ---- parameters

  @ExtendWith(LeakCheckExtension.class)
  static class Given {
    private CleanupManager before;

    @BeforeEach
    void remember(CleanupManager manager) {
      before = manager;
    }

    @Test
    void sameForTheWholeTest(CleanupManager manager) {
      MADE.add(manager);
      assertThat(manager).isSameAs(before);
      assertThat(manager.name()).isEqualTo("LeakCheckExtensionTest.Given.sameForTheWholeTest()");
      assertThat(manager.register("one", "one", one -> {}).info().openedAtFrame())
          .isPresent();
    }

    @Test
    void anotherForEachTest(CleanupManager manager) {
      MADE.add(manager);
    }

    @Test
    void unclean(CleanupManager manager) {
      manager.defer("flush", () -> {
        throw new IllegalStateException("the disk is full");
      });
    }

    @Test
    void timeTooLate(VirtualTime time) {}

    @Test
    void probe(LeakProbe probe) {
      CleanupManager manager = left("probed");
      assertThat(probe.leaks()).hasSize(1);
      manager.close();
      probe.assertNothingLeft();
    }
  }

  @Test
  void parameters_areOfTheirTestAndEndWithIt() {
    Launch launch = run(Given.class);
    assertThat(launch.failure("sameForTheWholeTest(CleanupManager)")).isNull();
    assertThat(launch.failure("anotherForEachTest(CleanupManager)")).isNull();
    assertThat(launch.failure("probe(LeakProbe)")).isNull();
    assertThat(MADE).hasSize(3).doesNotHaveDuplicates().noneMatch(CleanupManager::isReady);
    assertThat(launch.failure("unclean(CleanupManager)"))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "The CleanupManager of LeakCheckExtensionTest.Given.unclean() did not close cleanly after it.\n")
        .hasMessageContaining("FAILED     flush");
    assertThat(launch.failure("timeTooLate(VirtualTime)"))
        .isInstanceOf(ParameterResolutionException.class)
        .hasMessageContaining(
            "was made before, with real time. Ask for both where the manager is first asked for.");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class GivenTime {
    @Test
    void together(CleanupManager manager, VirtualTime time) {
      manager.defer("slow", () -> time.sleep(Duration.ofSeconds(1)));
    }
  }

  @Test
  void parameters_managerAndVirtualTime_closeInVirtualTime() {
    assertThat(run(GivenTime.class).failure("together(CleanupManager, VirtualTime)"))
        .isNull();
  }
}
