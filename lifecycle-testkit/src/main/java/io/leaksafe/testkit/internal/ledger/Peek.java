package io.leaksafe.testkit.internal.ledger;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of the JDK's classes that have no method to ask. The agent opened their packages; where a field is missing, for
 * want of an agent or in an unknown JDK, there is no answer, and the caller says what that means.
 */
final class Peek {

  private static final ConcurrentMap<String, Field> FIELDS = new ConcurrentHashMap<>();

  private Peek() {}

  /** The value of a field by its name, looked for in the object's class and those above it. */
  static @Nullable Object field(@Nullable Object target, String name) {
    if (target == null) {
      return null;
    }
    return read(target.getClass(), target, name);
  }

  /** The value of a static field. */
  static @Nullable Object constant(String type, String name) {
    try {
      return read(Class.forName(type, false, null), null, name);
    } catch (ClassNotFoundException | LinkageError missing) {
      return null;
    }
  }

  private static @Nullable Object read(Class<?> type, @Nullable Object target, String name) {
    String key = type.getName() + '#' + name;
    Field field = FIELDS.get(key);
    if (field == null) {
      field = find(type, name).orElse(null);
      if (field == null) {
        return null; // asked again next time: the agent may have come
      }
      FIELDS.put(key, field);
    }
    try {
      return field.get(target);
    } catch (IllegalAccessException closed) {
      return null;
    }
  }

  private static Optional<Field> find(Class<?> type, String name) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      ClassLoader loader = each.getClassLoader();
      if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
        continue; // only the JDK's: nothing of the user's is held
      }
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return field.trySetAccessible() ? Optional.of(field) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  static boolean isTrue(@Nullable Object target, String name) {
    return Boolean.TRUE.equals(field(target, name));
  }
}
