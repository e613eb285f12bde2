package io.leaksafe.testkit.scenarios;

import static java.util.stream.Collectors.joining;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How to start a JVM with this module's classes, its tests' and what they need on the class path, wherever those are here. */
final class ForkedJvm {

  private static final Path TARGET = Path.of(System.getProperty("basedir", ""), "target");

  /** One class of each jar, by name: not all of them are readable from a named module. */
  private static final List<String> IN_JARS = List.of(
      "io.leaksafe.cleanup.CleanupManager",
      "org.slf4j.Logger",
      "ch.qos.logback.classic.Logger",
      "ch.qos.logback.core.Context",
      "org.jspecify.annotations.NullMarked",
      "org.junit.jupiter.api.Test",
      "org.junit.jupiter.engine.JupiterTestEngine",
      "org.junit.jupiter.params.ParameterizedTest",
      "org.junit.platform.engine.TestEngine",
      "org.junit.platform.launcher.Launcher",
      "org.junit.platform.commons.JUnitException",
      "org.opentest4j.TestAbortedException",
      "org.assertj.core.api.Assertions",
      "org.mockito.Mockito",
      "org.objenesis.Objenesis",
      "net.bytebuddy.ByteBuddy",
      "net.bytebuddy.agent.ByteBuddyAgent");

  private ForkedJvm() {}

  static List<String> command(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-Dleaksafe.check.graceMillis=100"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** The jar of the agent, as the testkit brings it along. */
  static Path agent() {
    return TARGET.resolve("classes/META-INF/io.leaksafe/lifecycle-testkit-agent.jar");
  }

  private static String classPath() {
    Stream<Path> built = Stream.of(TARGET.resolve("test-classes"), TARGET.resolve("classes"));
    Stream<Path> jars = IN_JARS.stream().map(ForkedJvm::place);
    return Stream.concat(built, jars)
        .map(Path::toString)
        .collect(joining(System.getProperty("path.separator")));
  }

  /** The jar or folder of a class. */
  static Path place(String type) {
    try {
      return Path.of(Class.forName(type)
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toURI());
    } catch (ClassNotFoundException | URISyntaxException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
