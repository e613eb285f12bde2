package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all code of a JVM shares, as it was. Values are compared by what they print, so that nothing of the user's is kept; what
 * tests change at the same time on other threads cannot be told apart.
 */
final class JvmState {
  private final Map<String, String> before = read();
  private final long since = Moments.now();

  static JvmState now() {
    return new JvmState();
  }

  List<Leak> leaks() {
    Map<String, String> after = read();
    List<Leak> found = new ArrayList<>();
    Map<String, String> all = new TreeMap<>(before);
    all.putAll(after);
    for (String what : all.keySet()) {
      String was = before.get(what);
      String is = after.get(what);
      if (!Objects.equals(was, is)) {
        found.add(Found.of(
            LeakKind.JVM_STATE,
            what,
            "was " + text(was) + ", is " + text(is),
            since,
            "put it back where the test ends"));
      }
    }
    return found;
  }

  private static String text(@Nullable String value) {
    return value == null ? "not set" : value;
  }

  private static Map<String, String> read() {
    Map<String, String> state = new TreeMap<>();
    Properties properties = System.getProperties();
    properties.stringPropertyNames().stream()
        .filter(name -> !name.startsWith("jdk.") && !name.startsWith("sun."))
        .forEach(name -> state.put(
            "system property \"" + name + "\"", '"' + properties.getProperty(name) + '"'));
    state.put("default locale", Locale.getDefault().toString());
    state.put(
        "default display locale", Locale.getDefault(Locale.Category.DISPLAY).toString());
    state.put("default format locale", Locale.getDefault(Locale.Category.FORMAT).toString());
    state.put("default time zone", TimeZone.getDefault().getID());
    state.put(
        "default uncaught-exception handler", id(Thread.getDefaultUncaughtExceptionHandler()));
    state.put("System.out", id(System.out));
    state.put("System.err", id(System.err));
    state.put("System.in", id(System.in));
    state.put("handlers of the root JUL logger", handlers());
    return state;
  }

  private static String handlers() {
    if (ModuleLayer.boot().findModule("java.logging").isEmpty()) {
      return "none";
    }
    return Arrays.stream(Jul.handlers()).map(JvmState::id).toList().toString();
  }

  /** Loaded only where there is JUL. */
  private static final class Jul {
    static Object[] handlers() {
      return java.util.logging.Logger.getLogger("").getHandlers();
    }
  }

  private static String id(@Nullable Object thing) {
    return thing == null
        ? "none"
        : Words.type(thing.getClass().getName())
            + '@'
            + Integer.toHexString(System.identityHashCode(thing));
  }
}
