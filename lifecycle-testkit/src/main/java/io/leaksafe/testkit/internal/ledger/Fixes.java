package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.LeakKind;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what to do about a leak. */
final class Fixes {

  private static final List<String> ENDS = List.of("close", "stop", "shutdown", "dispose");

  private Fixes() {}

  static String of(LeakKind kind, Birth birth, @Nullable Object thing) {
    String line = birth.frames().isEmpty() ? "" : at(birth.frames().get(0));
    return switch (kind) {
      case THREAD, VIRTUAL_THREAD -> "end it and join it" + in(birth, "");
      case TIMER -> "call cancel()" + in(birth, " on it");
      case TIMER_TASK -> "cancel the task" + in(birth, "");
      case EXECUTOR, SCHEDULED_EXECUTOR -> "call shutdown()" + in(birth, " on it");
      case TASK -> "cancel the task or wait for it" + in(birth, "");
      case FUTURE_TIMER -> "complete or cancel the future that waits for it";
      case FILE, DIRECTORY_STREAM -> "try-with-resources" + line;
      case SOCKET, SERVER_SOCKET, DATAGRAM_SOCKET, PIPE, SELECTOR ->
        "call close()" + in(birth, ", or try-with-resources" + line);
      case HTTP_CLIENT ->
        thing instanceof AutoCloseable || Runtime.version().feature() > 20
            ? "call close()" + in(birth, ", or try-with-resources" + line)
            : "let go of it: before JDK 21 it ends once nothing refers to it";
      case PROCESS -> "destroy it, or wait for its end" + in(birth, "");
      case SHUTDOWN_HOOK -> "call Runtime.removeShutdownHook(..)" + in(birth, "");
      case CLEANUP_MANAGER -> "try-with-resources" + line + ", or close it where its work ends";
      case DIRECT_MEMORY -> "let go of the buffer" + in(birth, "");
      case DELETE_ON_EXIT -> "delete the file where its work ends, or use @TempDir";
      default -> "";
    };
  }

  private static String at(StackTraceElement frame) {
    return frame.getFileName() == null
        ? ""
        : " at " + frame.getFileName() + ":" + frame.getLineNumber();
  }

  /** Names the method in which the class that made it ends things, if it has one. */
  private static String in(Birth birth, String otherwise) {
    for (StackTraceElement frame : birth.frames()) {
      String end = endOf(frame.getClassName());
      if (!end.isEmpty()) {
        String type = frame.getClassName();
        return " in " + type.substring(type.lastIndexOf('.') + 1) + "." + end + "()";
      }
    }
    return otherwise;
  }

  private static String endOf(String type) {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      Method[] methods = Class.forName(type, false, loader).getDeclaredMethods();
      return Arrays.stream(methods)
          .filter(method -> method.getParameterCount() == 0)
          .map(Method::getName)
          .filter(ENDS::contains)
          .findFirst()
          .orElse("");
    } catch (ClassNotFoundException | LinkageError elsewhere) {
      return "";
    }
  }
}
