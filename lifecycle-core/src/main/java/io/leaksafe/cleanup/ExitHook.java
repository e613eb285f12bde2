package io.leaksafe.cleanup;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.time.TimeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
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
    haltLater(roots);
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

  /** Has the JVM halted, if a manager wants that, when it is still there after that time: this thread is a daemon. */
  private static void haltLater(List<RootScope> roots) {
    roots.stream()
        .filter(root -> root.haltNanos() > 0)
        .min(Comparator.comparingLong(RootScope::haltNanos))
        .ifPresent(root -> {
          try {
            TimeSource time = root.root().time;
            long due = time.nanoTime() + root.haltNanos();
            time.startThread(root.name() + "-halt", () -> halt(root, due));
          } catch (OutOfMemoryError noThread) {
            System.err.println(
                "'" + root.name() + "' cannot halt the JVM later: there is no thread for that.");
          }
        });
  }

  private static void halt(RootScope root, long due) {
    TimeSource time = root.root().time;
    for (long left = due - time.nanoTime(); left > 0; left = due - time.nanoTime()) {
      time.park(root, left);
    }
    System.err.println("The JVM is still there " + Text.duration(root.haltNanos())
        + " after its exit began and is halted, as haltAfter of '" + root.name()
        + "' wants it. It waits for "
        + hooks() + ".");
    System.err.flush();
    Runtime.getRuntime().halt(1);
  }

  /** The threads that hold the exit up, as far as they can be told: those that the JVM's own hook waits for are not daemons. */
  private static String hooks() {
    String names = Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() && !thread.getName().equals("DestroyJavaVM"))
        .map(thread -> "'" + thread.getName() + "'")
        .sorted()
        .collect(Collectors.joining(", "));
    return names.isEmpty() ? "nothing that has a name" : names;
  }

  private static void close(RootScope scope) {
    scope.drain();
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
