package io.leaksafe.testkit.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.testkit.HeapCycle;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that cannot look into its heap, or does not collect, says so. */
@Timeout(300) // a collection takes long on a busy machine
class BareJvmTest {

  private static String output(String... arguments) throws Exception {
    String classPath = Stream.of(
            name(CleanupManager.class),
            name(HeapCycle.class),
            "org/slf4j/LoggerFactory.class",
            name(BareMain.class))
        .map(BareJvmTest::home)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(Stream.of(
                Stream.of(java, "-Xmx64m", "-cp", classPath),
                Stream.of(arguments),
                Stream.of(BareMain.class.getName()))
            .flatMap(part -> part)
            .toList())
        .redirectErrorStream(true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String name(Class<?> type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private static String home(String file) {
    // Under the module path a class of the tests is said to come from the module it is patched
    // into.
    String url = String.valueOf(BareJvmTest.class.getClassLoader().getResource(file));
    String home = url.substring(0, url.length() - file.length());
    return home.startsWith("jar:file:")
        ? home.substring("jar:file:".length(), home.length() - 2)
        : home.substring("file:".length());
  }

  @Test
  void measure_withoutJavaManagement_saysWhichModule() throws Exception {
    assertThat(output("--limit-modules", "java.base"))
        .contains("java.lang.IllegalStateException: Looking into the heap needs the module"
            + " java.management, without which this JVM runs. Start it with --add-modules"
            + " java.management,jdk.management.");
  }

  @Test
  void measure_withoutTheDiagnosticCommand_saysWhatIsMissing() throws Exception {
    assertThat(output("--limit-modules", "java.base,java.management"))
        .contains("java.lang.IllegalStateException: Looking into the heap needs HotSpot's MBean"
            + " com.sun.management:type=DiagnosticCommand, which "
            + System.getProperty("java.vm.name"));
  }

  @Test
  void measure_explicitCollectionsSwitchedOff_works() throws Exception {
    assertThat(output("-XX:+DisableExplicitGC"))
        .startsWith("no growth of the heap in 2 windows of 2 cycles");
  }

  @Test
  void measure_collectorThatDoesNotCollect_saysSo() throws Exception {
    assertThat(output("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC"))
        .contains("Use one that collects: not Epsilon.");
  }
}
