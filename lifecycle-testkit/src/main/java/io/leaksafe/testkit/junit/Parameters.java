package io.leaksafe.testkit.junit;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.VirtualTime;
import io.leaksafe.testkit.leak.LeakProbe;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What one execution was given as parameters; ended with it, before it is judged. Confined to the execution's thread. */
@SuppressWarnings({"deprecation", "try"}) // what JUnit 5.12 closes, by a close() that throws
final class Parameters implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private static final List<Class<?>> GIVEN =
      List.of(CleanupManager.class, VirtualTime.class, LeakProbe.class);
  private static final String PARAMETERIZED = "org.junit.jupiter.params.ParameterizedTest";

  private final String name;
  private @Nullable VirtualTime time;
  private @Nullable CleanupManager manager;
  private @Nullable VirtualTime timeOfManager;
  private @Nullable LeakProbe probe;

  private Parameters(String name) {
    this.name = name;
  }

  static Parameters of(ExtensionContext context) {
    return Check.notNull(
        context
            .getStore(LeakCheckExtension.STORE)
            .getOrComputeIfAbsent(
                "parameters of " + context.getUniqueId(),
                id -> new Parameters(Titles.of(context)),
                Parameters.class),
        "parameters");
  }

  /** Whether it is one of ours. One with an annotation is somebody else's, and so is the first argument of a parameterized test. */
  static boolean supports(ParameterContext parameter) {
    return GIVEN.contains(parameter.getParameter().getType())
        && parameter.getParameter().getAnnotations().length == 0
        && !(parameter.getIndex() == 0 && isParameterized(parameter.getDeclaringExecutable()));
  }

  private static boolean isParameterized(Executable executable) {
    return Arrays.stream(executable.getAnnotations())
        .anyMatch(each -> each.annotationType().getName().equals(PARAMETERIZED));
  }

  Object resolve(ParameterContext parameter) {
    Class<?> type = parameter.getParameter().getType();
    Executable executable = parameter.getDeclaringExecutable();
    if (type == VirtualTime.class) {
      return time(executable);
    }
    return type == CleanupManager.class ? manager(executable) : probe();
  }

  private VirtualTime time(Executable executable) {
    if (manager != null && timeOfManager == null) {
      throw new ParameterResolutionException(
          executable + " asks for a VirtualTime, but the CleanupManager of " + name
              + " was made before, with real time. Ask for both where the manager is first asked for.");
    }
    if (time == null) {
      time = VirtualTime.create();
    }
    return time;
  }

  private CleanupManager manager(Executable executable) {
    CleanupManager made = manager;
    if (made == null) {
      CleanupManager.Builder builder = CleanupManager.builder(name).tracking(Tracking.PARANOID);
      if (time != null
          || Arrays.asList(executable.getParameterTypes()).contains(VirtualTime.class)) {
        timeOfManager = time(executable);
        builder.timeSource(timeOfManager);
      }
      made = builder.build();
      manager = made;
    }
    return made;
  }

  private LeakProbe probe() {
    LeakProbe started = probe;
    if (started == null) {
      started = LeakProbe.start();
      probe = started;
    }
    return started;
  }

  /** Closes the manager, which must leave nothing live. */
  @Override
  public void close() throws Exception {
    if (probe != null) {
      probe.close();
    }
    if (manager != null) {
      CloseReport report =
          timeOfManager == null ? manager.shutdown() : timeOfManager.call(manager::shutdown);
      if (!report.clean()) {
        throw new AssertionError(
            "The CleanupManager of " + name + " did not close cleanly after it.\n" + report);
      }
    }
  }
}
