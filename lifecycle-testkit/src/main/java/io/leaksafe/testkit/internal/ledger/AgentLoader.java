package io.leaksafe.testkit.internal.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Brings the agent into this JVM, if it is not there yet, by a command that the JVM offers to itself: no flag, no helper
 * process. What stands in the way is a reason for the report, never a failure of the test run.
 */
final class AgentLoader {

  /** {@code auto} or {@code off}. */
  static final String PROPERTY = "leaksafe.agent";

  private static final String AGENT = "io.leaksafe.testkit.agent.LeakAgent";
  private static final String JAR = "/META-INF/io.leaksafe/lifecycle-testkit-agent.jar";
  private static final String SUCCESS = "return code: 0";

  private @Nullable Class<?> agent;
  private String how = "";
  private String reason = "";

  /** Loads the agent and has it tell these listeners. */
  void load(Function<String, BiConsumer<Object, Object>> sinks) {
    String wanted = System.getProperty(PROPERTY, "auto");
    switch (wanted) {
      case "auto" -> tryLoad(sinks);
      case "off" -> reason = "switched off by -D" + PROPERTY + "=off";
      default -> reason = PROPERTY + " must be auto or off, was \"" + wanted + "\": taken for off";
    }
  }

  private void tryLoad(Function<String, BiConsumer<Object, Object>> sinks) {
    try {
      if (!attach(sinks)) {
        loadIntoThisJvm();
        if (reason.isEmpty() && !attach(sinks)) {
          reason = "loaded, but not found afterwards";
        }
      }
    } catch (IOException noJar) {
      reason = "its jar could not be extracted: " + noJar;
    } catch (JMException | ReflectiveOperationException | RuntimeException | LinkageError refused) {
      reason = "refused: " + refused;
    }
  }

  /** Whether there was an agent. */
  private boolean attach(Function<String, BiConsumer<Object, Object>> sinks)
      throws ReflectiveOperationException {
    Class<?> type;
    try {
      type = Class.forName(AGENT, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException notYet) {
      return false;
    }
    Method attach = type.getMethod("attach", Module.class, Function.class);
    try {
      how = (String) attach.invoke(null, AgentLoader.class.getModule(), sinks);
    } catch (InvocationTargetException failed) {
      if (failed.getCause() instanceof IllegalStateException) {
        return false; // on the class path, but not as an agent
      }
      throw failed;
    }
    agent = type;
    return true;
  }

  private void loadIntoThisJvm() throws IOException, JMException {
    Path jar = extract();
    Object answer = ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "jvmtiAgentLoad",
            new Object[] {new String[] {'"' + jar.toString() + '"'}},
            new String[] {String[].class.getName()});
    String text = String.valueOf(answer).strip();
    if (!text.contains(SUCCESS)) {
      reason = "refused by the JVM: " + text;
    }
  }

  private static Path extract() throws IOException {
    try (InputStream in = AgentLoader.class.getResourceAsStream(JAR)) {
      if (in == null) {
        throw new IOException("no " + JAR + " beside the testkit's classes");
      }
      Path jar = Files.createTempFile("lifecycle-testkit-agent-", ".jar");
      jar.toFile().deleteOnExit();
      Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
      return jar.toAbsolutePath();
    }
  }

  boolean isActive() {
    return agent != null;
  }

  /** Which tier this is and why. */
  String tier() {
    return agent == null
        ? "no agent (" + reason + "): own handles, threads and file descriptors only"
        : "agent (" + how + "), " + probes();
  }

  private String probes() {
    Map<?, ?> all = (Map<?, ?>) Objects.requireNonNull(call("probes"));
    String broken = all.entrySet().stream()
        .filter(probe -> !"".equals(probe.getValue()))
        .map(probe -> probe.getKey() + ": " + probe.getValue())
        .collect(Collectors.joining("; "));
    long active = all.values().stream().filter(""::equals).count();
    return active + "/" + all.size() + " probes" + (broken.isEmpty() ? "" : " (" + broken + ")");
  }

  /** What last went wrong in a listener; null if nothing did. */
  @Nullable
  Throwable failure() {
    return agent == null ? null : (Throwable) call("failure");
  }

  private @Nullable Object call(String method) {
    try {
      return Objects.requireNonNull(agent).getMethod(method).invoke(null);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("The agent has no " + method + "()", impossible);
    }
  }
}
