package io.leaksafe.testkit.internal.heap;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What HotSpot's diagnostic commands do for us. They also work where {@code System.gc()} is switched off. */
public final class Diagnostics {

  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";
  private static final String HOT_SPOT = "com.sun.management:type=HotSpotDiagnostic";

  private Diagnostics() {}

  /** Runs a full collection; what is not strongly or softly reachable is gone then. */
  public static void collect() {
    invoke(COMMANDS, "gcRun");
  }

  /** Runs the finalizers of what was found to be garbage. */
  static void finish() {
    invoke(COMMANDS, "gcRunFinalization");
  }

  /** Runs a full collection and counts what is left, as text: a line for each class, and a last one with the total. */
  static String histogram() {
    return String.valueOf(
        invoke(COMMANDS, "gcClassHistogram", new Object[] {new String[0]}, STRINGS));
  }

  /** As {@link #histogram}, without a collection and of garbage, too: for an idea of how many classes there are. */
  static String roughHistogram() {
    Object[] all = {new String[] {"-all"}};
    return String.valueOf(invoke(COMMANDS, "gcClassHistogram", all, STRINGS));
  }

  /** Writes what is reachable to a file that does not exist yet and whose name ends in {@code .hprof}. */
  static void dump(Path file) {
    invoke(HOT_SPOT, "dumpHeap", new Object[] {file.toString(), true}, TEXT_AND_FLAG);
  }

  private static final String[] STRINGS = {String[].class.getName()};
  private static final String[] TEXT_AND_FLAG = {String.class.getName(), boolean.class.getName()};

  private static @Nullable Object invoke(String bean, String operation) {
    return invoke(bean, operation, new Object[0], new String[0]);
  }

  private static @Nullable Object invoke(
      String bean, String operation, Object[] arguments, String[] types) {
    try {
      return Beans.invoke(bean, operation, arguments, types);
    } catch (NoClassDefFoundError missing) {
      throw new IllegalStateException(
          "Looking into the heap needs the module java.management, without which this JVM runs. Start it with --add-modules"
              + " java.management,jdk.management.",
          missing);
    }
  }

  /** Apart, since its types are missing where the module is. */
  private static final class Beans {

    static @Nullable Object invoke(
        String bean, String operation, Object[] arguments, String[] types) {
      try {
        return ManagementFactory.getPlatformMBeanServer()
            .invoke(new ObjectName(bean), operation, arguments, types);
      } catch (InstanceNotFoundException missing) {
        throw new IllegalStateException(
            "Looking into the heap needs HotSpot's MBean " + bean + ", which "
                + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")
                + " does not have. Run this test on an OpenJDK build, with the module jdk.management.",
            missing);
      } catch (JMException | RuntimeException failure) {
        throw new IllegalStateException(
            "The operation " + operation + " of HotSpot's MBean " + bean + " failed: " + failure
                + ". Run this test on an OpenJDK build of 17 or later.",
            failure);
      }
    }
  }
}
