package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** Collects garbage before a verdict on what only the garbage collector ends. */
final class Collector {

  private static final int CLOSEABLE_CLIENTS = 21;

  private Collector() {}

  /** Whether something is left that ends once nobody refers to it: direct buffers; before JDK 21 HTTP clients too. */
  static boolean mayHelp(List<Leak> leaks) {
    return leaks.stream()
        .anyMatch(leak -> leak.kind() == LeakKind.DIRECT_MEMORY
            || (leak.kind() == LeakKind.HTTP_CLIENT
                && Runtime.version().feature() < CLOSEABLE_CLIENTS));
  }

  /** {@code System.gc()} may be switched off; the command is not. */
  static void collect() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "gcRun",
              new Object[0],
              new String[0]);
    } catch (JMException otherJvm) {
      System.gc();
    }
  }
}
