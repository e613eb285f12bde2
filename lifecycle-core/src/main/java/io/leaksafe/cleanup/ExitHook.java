package io.leaksafe.cleanup;

import io.leaksafe.internal.tree.Root;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one hook by which all managers of a JVM that asked for it close when it exits. It is there only while there is such a
 * manager.
 */
final class ExitHook extends Thread {

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Set<RootScope> ROOTS = new LinkedHashSet<>();
  private static @Nullable ExitHook installed;

  private ExitHook() {
    super(null, null, "leaksafe-exit", 0, false);
  }

  static void add(RootScope root) {
    LOCK.lock();
    try {
      if (installed == null) {
        ExitHook hook = new ExitHook();
        try {
          Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException exiting) {
          throw new IllegalStateException(
              "closeOnExit() of '" + root.name()
                  + "' came too late: the JVM is exiting. Close it yourself.",
              exiting);
        }
        installed = hook;
      }
      ROOTS.add(root);
    } finally {
      LOCK.unlock();
    }
  }

  static void remove(RootScope root) {
    LOCK.lock();
    try {
      ExitHook hook = installed;
      if (ROOTS.remove(root) && ROOTS.isEmpty() && hook != null) {
        installed = null;
        uninstall(hook);
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static void uninstall(ExitHook hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // The JVM is exiting: the hook is running or has run, and cannot nor need be taken back.
      return;
    }
  }

  @Override
  public void run() {
    List<RootScope> roots;
    LOCK.lock();
    try {
      roots = new ArrayList<>(ROOTS);
    } finally {
      LOCK.unlock();
    }
    Map<Thread, RootScope> closing = new LinkedHashMap<>();
    for (RootScope root : roots) {
      try {
        closing.put(root.root().time.startThread(root.name() + "-exit", () -> close(root)), root);
      } catch (Throwable noThread) { // then one after the other
        close(root);
      }
    }
    closing.forEach((thread, root) -> root.root().time.join(thread, Long.MAX_VALUE));
  }

  private static void close(RootScope scope) {
    Root root = scope.root();
    exiting().forEach(thread -> root.beginWaiting(thread, scope));
    scope.wakeOverseer();
    CloseReport report = scope.shutdown();
    if (!report.clean()) {
      System.err.println(report);
    }
  }

  /** Threads inside System.exit wait for this hook and so for the close: no closer that runs on one will ever return. */
  private static List<Thread> exiting() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> Arrays.stream(each.getValue())
            .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                && frame.getMethodName().equals("exit")))
        .map(Map.Entry::getKey)
        .toList();
  }
}
