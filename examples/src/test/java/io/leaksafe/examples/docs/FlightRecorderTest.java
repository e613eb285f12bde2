package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShownButForTimes;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How to record what happens, and what the JDK's tool prints of it. The recorder is the JVM's own, so this runs alone. */
@Isolated
class FlightRecorderTest {

  private final VirtualTime time = VirtualTime.create();

  @TempDir
  Path folder;

  @Test
  void recording_ofAClose_isPrintedByTheJdksTool() throws Exception {
    CleanupManager shop = CleanupManager.builder("shop").timeSource(time).build();
    Path file = folder.resolve("handles.jfr");
    // region record
    try (Recording recording = new Recording()) {
      recording.enable("io.leaksafe.HandleOpened");
      recording.enable("io.leaksafe.HandleClosed");
      recording.start();
      serve(shop);
      recording.dump(file);
    }
    // endregion
    assertShownButForTimes("FlightRecorderTest", "print", print(file));
  }

  private void serve(CleanupManager shop) {
    Docs.onThreadNamed("main", () -> {
      Scope session = shop.child("session-7");
      session.register("upload", "upload", upload -> {}).warnAfter(ofMinutes(10));
    });
    try {
      time.advance(ofMinutes(11));
      shop.register("feed", "feed", feed -> time.sleep(ofSeconds(60)));
      time.call(shop::shutdown);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What the tool prints, without what differs from run to run. */
  private static String print(Path file) throws Exception {
    Process tool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
            "print",
            "--events",
            "HandleSuspect,CloserOverdue,ScopeClosed",
            file.toString())
        .redirectErrorStream(true)
        .start();
    String printed = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(tool.exitValue()).as(printed).isZero();
    return printed
        .lines()
        .map(line -> line.replaceAll("startTime = .*", "startTime = 10:30:00.000 (2026-11-22)")
            .replaceAll("javaThreadId = \\d+", "javaThreadId = 1")
            .replaceAll("eventThread = \"ForkJoinPool-\\S+\"", "eventThread = \"main\"")
            .replaceAll("by 'ForkJoinPool-[^']+'", "by 'main'")
            .replaceAll("shop-(\\w+)-\\d+\"", "shop-$1-1\"")
            .stripTrailing())
        .collect(Collectors.joining("\n"))
        .strip();
  }
}
