package io.leaksafe.testkit.scenarios;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.leaksafe.testkit.junit.LeakCheckExtension;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Measures what the check costs: 1,000 trivial tests, and 1,000 that open things, in JVMs of their own by turns: one into which
 * the agent never comes, and one with it, which runs them with the check and without, again by turns. Processor time is measured, that of all threads,
 * since other work on the machine changes it least.
 */
final class OverheadRun {

  private static final int JVMS = 3;
  private static final int ROUNDS = 9;
  private static final String AGENT = "java.lang.LeaksafeSwitchboard";

  private OverheadRun() {}

  static class Trivial {
    @RepeatedTest(1_000)
    void doesNothing() {}
  }

  static class Opening {
    @RepeatedTest(1_000)
    void opensAFileAThreadAndATimer() throws Exception {
      Thread thread = new Thread(() -> {});
      thread.start();
      Timer timer = new Timer(true);
      try (FileInputStream in = new FileInputStream(file().toFile())) {
        in.read();
      }
      timer.cancel();
      thread.join();
    }

    private static Path file() throws IOException {
      return Path.of(System.getProperty("java.home"), "release");
    }
  }

  /** Without arguments all; with {@code agent} or {@code none} what one of the JVMs does. */
  public static void main(String... args) throws IOException {
    if (args.length == 0) {
      forked();
    } else if (args[0].equals("agent")) {
      measure("check off", "check on");
    } else {
      measure("no agent");
    }
  }

  private static void forked() throws IOException {
    Map<String, List<Long>> figures = new TreeMap<>();
    for (int i = 0; i < JVMS; i++) {
      for (String kind : List.of("none", "agent")) {
        lines(kind)
            .forEach(line -> figures
                .computeIfAbsent(line[0] + "\t" + line[1], key -> new ArrayList<>())
                .add(Long.parseLong(line[2])));
      }
    }
    figures.forEach((key, all) -> System.out.printf(
        Locale.ROOT, "%s: %,d us a test (of %s)%n", key.replace('\t', ' '), median(all), all));
  }

  private static List<String[]> lines(String kind) throws IOException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OverheadRun.class.getName(),
            kind)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader reader = process.inputReader()) {
      return reader
          .lines()
          .map(line -> line.split("\t"))
          .filter(line -> line.length == 3)
          .toList();
    }
  }

  /** Prints a line for each suite and case. */
  private static void measure(String... cases) throws IOException {
    if (!Files.exists(Opening.file())) {
      throw new IllegalStateException("There is no " + Opening.file() + ".");
    }
    for (Class<?> suite : new Class<?>[] {Trivial.class, Opening.class}) {
      Map<String, List<Long>> nanos = new TreeMap<>();
      int rounds = 2 * ROUNDS / cases.length; // so that each JVM is as warm
      for (int round = 0; round < rounds; round++) {
        for (String each : cases) {
          long took = nanos(suite, each.equals("check on"));
          if (round >= rounds / 3) { // the first warm up
            nanos.computeIfAbsent(each, key -> new ArrayList<>()).add(took / 1_000_000);
          }
        }
      }
      nanos.forEach((each, all) ->
          System.out.println(suite.getSimpleName() + "\t" + each + "\t" + median(all)));
    }
    if (isAgentThere() != (cases.length > 1)) {
      throw new IllegalStateException("The agent is there: " + isAgentThere());
    }
  }

  private static boolean isAgentThere() {
    try {
      Class.forName(AGENT);
      return true;
    } catch (ClassNotFoundException none) {
      return false;
    }
  }

  private static long processorNanos() {
    try {
      return (Long) ManagementFactory.getPlatformMBeanServer()
          .getAttribute(new ObjectName("java.lang:type=OperatingSystem"), "ProcessCpuTime");
    } catch (JMException unknown) {
      throw new IllegalStateException(unknown);
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static long nanos(Class<?> suite, boolean check) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(suite))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "" + check)
        .configurationParameter(
            "junit.jupiter.extensions.autodetection.include", LeakCheckExtension.class.getName())
        .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    long start = processorNanos();
    try (LauncherSession session = LauncherFactory.openSession()) {
      session.getLauncher().execute(request, summary);
    }
    long took = processorNanos() - start;
    if (summary.getSummary().getTestsSucceededCount() != 1_000) {
      throw new IllegalStateException("Not all tests succeeded: "
          + summary.getSummary().getFailures().get(0).getException());
    }
    return took;
  }
}
