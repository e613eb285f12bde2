package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.cleanup.CleanupManager;
import java.net.URL;
import java.security.CodeSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Where this library's classes are: in the jars or folders of its core and of the testkit. */
final class Home {

  private static final ConcurrentMap<String, Boolean> KNOWN = new ConcurrentHashMap<>();

  private Home() {}

  /** Whether a class of one of the library's packages is there; of those that are not found, such as the agent's, it is so. */
  static boolean isOf(String type) {
    return KNOWN.computeIfAbsent(type, Home::isThere);
  }

  private static boolean isThere(String type) {
    try {
      String place = place(Class.forName(type, false, Home.class.getClassLoader()));
      return place.isEmpty()
          || place.equals(place(CleanupManager.class))
          || place.equals(place(Home.class));
    } catch (ClassNotFoundException | LinkageError elsewhere) {
      return true;
    }
  }

  /** Empty if it is not known. */
  private static String place(Class<?> type) {
    @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
    @Nullable URL location = source == null ? null : source.getLocation();
    return location == null ? "" : location.toString();
  }
}
