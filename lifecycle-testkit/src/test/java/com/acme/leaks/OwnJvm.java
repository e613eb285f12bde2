package com.acme.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own, on a class path, with the classes that this one found. */
final class OwnJvm {

  /** One class of each place that is needed. */
  private static final List<String> ANCHORS = List.of(
      "/com/acme/leaks/OwnJvm.class",
      "/io/leaksafe/testkit/leak/LeakProbe.class",
      "/META-INF/io.leaksafe/lifecycle-testkit-agent.jar",
      "/io/leaksafe/cleanup/CleanupManager.class",
      "/org/slf4j/Logger.class",
      "/org/jspecify/annotations/Nullable.class");

  private OwnJvm() {}

  /** What it printed, to both streams. */
  static String run(Class<?> main, List<String> options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  static String agentJar() throws Exception {
    return Path.of(place("/META-INF/io.leaksafe/lifecycle-testkit-agent.jar"))
        .resolve("META-INF/io.leaksafe/lifecycle-testkit-agent.jar")
        .toString();
  }

  private static String classPath() throws Exception {
    Set<String> places = new LinkedHashSet<>();
    for (String anchor : ANCHORS) {
      places.add(place(anchor));
    }
    return String.join(File.pathSeparator, places);
  }

  /** The jar or folder in which a resource lies. */
  private static String place(String resource) throws Exception {
    URL url = find(resource);
    String full = url.toString();
    String place = full.startsWith("jar:")
        ? full.substring("jar:".length(), full.indexOf('!'))
        : full.substring(0, full.length() - resource.length() + 1);
    return Path.of(new URL(place).toURI()).toString();
  }

  private static URL find(String resource) throws ClassNotFoundException {
    String anchor = resource.startsWith("/META-INF")
        ? "io.leaksafe.testkit.leak.LeakProbe"
        : resource.substring(1, resource.length() - ".class".length()).replace('/', '.');
    URL url = Class.forName(anchor).getResource(resource);
    assertThat(url).as(resource).isNotNull();
    return url;
  }
}
