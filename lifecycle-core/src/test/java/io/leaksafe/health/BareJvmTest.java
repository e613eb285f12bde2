package io.leaksafe.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A JVM of its own: with the module java.base and nothing else, and with all that nobody uses. */
class BareJvmTest {

  @Test
  void core_inAJvmWithJavaBaseAlone_works() throws Exception {
    String output = outputWith("--limit-modules", "java.base");
    assertThat(output).endsWith("closed cleanly" + System.lineSeparator());
    assertThat(output.lines()).contains("heap after GC known: false");
  }

  @Test
  void core_whereNobodyRecords_doesNotStartTheFlightRecorder() throws Exception {
    String output = outputWith("-Xlog:class+load");
    assertThat(output).contains("closed cleanly" + System.lineSeparator());
    assertThat(output)
        .contains("jdk.jfr.FlightRecorder ")
        .doesNotContain("jdk.jfr.internal.TypeLibrary");
  }

  private static String outputWith(String... options) throws Exception {
    String classPath = Stream.of(CleanupManager.class, LoggerFactory.class, BareMain.class)
        .map(BareJvmTest::home)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-Xmx64m", "-cp", classPath, BareMain.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return output;
  }

  private static String home(Class<?> type) {
    // Under the module path a class of the tests is said to come from the module it is patched
    // into.
    String file = type.getName().replace('.', '/') + ".class";
    String url = String.valueOf(type.getClassLoader().getResource(file));
    String place = url.substring(0, url.length() - file.length());
    return place.startsWith("jar:file:")
        ? place.substring("jar:file:".length(), place.length() - 2)
        : place.substring("file:".length());
  }
}
