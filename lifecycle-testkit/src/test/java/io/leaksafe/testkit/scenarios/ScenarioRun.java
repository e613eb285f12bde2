package io.leaksafe.testkit.scenarios;

import io.leaksafe.testkit.leak.LeakError;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the scenarios in a JVM of their own, as a user's tests run: nothing is configured but whether they run at the same time.
 * Writes a line for each verdict: the scenario, {@code right} or what is wrong, and the message.
 *
 * <p>Arguments: where to write to, {@code sequential} or {@code concurrent}, {@code agent} or {@code no-agent}; then the
 * classes, or none for all that need nothing more.
 */
final class ScenarioRun implements TestExecutionListener {

  private static final List<Class<?>> ALL = List.of(
      ThreadScenarios.class,
      ExecutorScenarios.class,
      FileScenarios.class,
      NetworkScenarios.class,
      JvmScenarios.class,
      ManagerScenarios.class,
      OwnerScenarios.class);

  /** Those that run only when they are named. */
  private static final List<Class<?>> OTHERS = List.of(MockitoScenarios.class);

  private final boolean agent;
  private final boolean concurrent;
  private final Map<String, String> verdicts = new ConcurrentSkipListMap<>();

  private ScenarioRun(boolean agent, boolean concurrent) {
    this.agent = agent;
    this.concurrent = concurrent;
  }

  public static void main(String... args) {
    int status = 1;
    try (LauncherSession session = LauncherFactory.openSession()) {
      ScenarioRun run = new ScenarioRun(args[2].equals("agent"), args[1].equals("concurrent"));
      session.getLauncher().execute(request(args), run);
      Files.write(Path.of(args[0]), run.lines());
      status = 0;
    } catch (Throwable failed) {
      failed.printStackTrace();
    } finally {
      Later.all();
      System.exit(status); // also if a scenario left a thread that does not end
    }
  }

  private static LauncherDiscoveryRequest request(String... args) throws IOException {
    boolean concurrent = args[1].equals("concurrent");
    List<String> named = Arrays.asList(args).subList(3, args.length);
    List<Class<?>> wanted = new ArrayList<>();
    for (Class<?> each : named.isEmpty() ? ALL : withOthers()) {
      boolean chosen = named.isEmpty() || named.contains(each.getSimpleName());
      if (chosen && each == OwnerScenarios.class) {
        wanted.addAll(List.of(OwnerScenarios.class.getDeclaredClasses()));
      } else if (chosen) {
        wanted.add(each);
      }
    }
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(wanted.stream().map(DiscoverySelectors::selectClass).toList())
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "" + concurrent)
        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
        .build();
  }

  private static List<Class<?>> withOthers() {
    return Stream.concat(ALL.stream(), OTHERS.stream()).toList();
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Optional<AnnotatedElement> element = element(test);
    String name = name(test);
    if (element.isEmpty() && result.getStatus() == Status.SUCCESSFUL) {
      return; // the engine, a dynamic container
    }
    Optional<Left> left = element
        .map(each -> each.getAnnotation(Left.class))
        .filter(each -> each.in().isEmpty() || test.getDisplayName().contains(each.in()));
    boolean expected = left.isPresent() && (agent || left.get().withoutAgent());
    String wrong =
        expected ? wrong(test, left.get(), result) : wrongOtherwise(element, left, result);
    if (test.isTest() || expected || !wrong.isEmpty()) {
      verdicts.put(name, (wrong.isEmpty() ? "right" : wrong) + "\t" + text(result));
    }
  }

  private static Optional<AnnotatedElement> element(TestIdentifier test) {
    return test.getSource().flatMap(source -> {
      if (source instanceof MethodSource method) {
        return Optional.of(method.getJavaMethod());
      }
      return source instanceof ClassSource type
          ? Optional.of(type.getJavaClass())
          : Optional.empty();
    });
  }

  private static String name(TestIdentifier test) {
    String id = test.getUniqueId().replaceFirst(".*scenarios\\.", "");
    return (id + " " + test.getDisplayName()).replace('\t', ' ').replace('\n', ' ');
  }

  private String wrongOtherwise(
      Optional<AnnotatedElement> element, Optional<Left> left, TestExecutionResult result) {
    if (left.isPresent()) {
      boolean seen = result.getThrowable().orElse(null) instanceof LeakError;
      return left.get().seenAlone() && !concurrent && !seen ? "is a leak, but passed" : "";
    }
    boolean unclear = !agent
        && element.filter(each -> each.isAnnotationPresent(Unclear.class)).isPresent();
    return !unclear && result.getStatus() == Status.FAILED ? "is clean, but failed" : "";
  }

  private static String wrong(TestIdentifier test, Left left, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      return ""; // not on this JDK
    }
    Throwable failure = result.getThrowable().orElse(null);
    if (failure == null) {
      return "leaves a " + left.value() + ", but passed";
    }
    if (!left.behind().isEmpty()) {
      if (!failure.getClass().getSimpleName().equals(left.behind())
          || failure.getSuppressed().length != 1) {
        return "must fail by " + left.behind() + " with the leak suppressed";
      }
      failure = failure.getSuppressed()[0];
    }
    if (!(failure instanceof LeakError error)) {
      return "must fail by a LeakError";
    }
    return wrong(test, left, error);
  }

  private static String wrong(TestIdentifier test, Left left, LeakError error) {
    String text = error.getMessage();
    List<String> wanted = new ArrayList<>(List.of(left.says()));
    wanted.add(left.value().label());
    wanted.add("left " + left.things() + " thing");
    wanted.add(left.by().isEmpty() ? ownLine(test) : left.by());
    List<String> missing = wanted.stream().filter(each -> !text.contains(each)).toList();
    if (!missing.isEmpty()) {
      return "does not say " + missing;
    }
    boolean kinds = error.leaks().stream().allMatch(leak -> leak.kind() == left.value());
    return kinds && error.leaks().size() == left.things()
        ? ""
        : "names others, too: " + error.leaks();
  }

  private static String ownLine(TestIdentifier test) {
    MethodSource source = (MethodSource) test.getSource().orElseThrow();
    String type = source.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + source.getMethodName() + "(";
  }

  private static String text(TestExecutionResult result) {
    return result
        .getThrowable()
        .map(failure -> failure + Arrays.toString(failure.getSuppressed()))
        .orElse("")
        .replace("\n", "\\n");
  }

  private List<String> lines() {
    return new TreeMap<>(verdicts)
        .entrySet().stream().map(each -> each.getKey() + "\t" + each.getValue()).toList();
  }
}
