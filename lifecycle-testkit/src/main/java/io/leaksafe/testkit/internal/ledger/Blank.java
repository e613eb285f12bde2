package io.leaksafe.testkit.internal.ledger;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows an object of the JDK's that no constructor has run for: a mock. It opens nothing, and what it says of itself is what the
 * test wants to hear, so it is neither recorded nor asked.
 *
 * <p>That an object is blank is seen from its fields: each of those classes refers to something from its constructor on.
 */
final class Blank {

  /** The fields of each class that are references and can be read. */
  private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
    @Override
    protected List<Field> computeValue(Class<?> type) {
      return fields(type);
    }
  };

  private Blank() {}

  /** Whether all is null in it that its classes in the JDK declare; false if they declare nothing, or it cannot be read. */
  static boolean is(@Nullable Object thing) {
    if (thing == null) {
      return false;
    }
    List<Field> fields = FIELDS.get(thing.getClass());
    for (Field field : fields) {
      if (!isNull(field, thing)) {
        return false;
      }
    }
    return !fields.isEmpty();
  }

  private static boolean isNull(Field field, Object thing) {
    try {
      return field.get(thing) == null;
    } catch (IllegalAccessException closed) {
      return false;
    }
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      if (each.getModule() == Object.class.getModule()) {
        for (Field field : each.getDeclaredFields()) {
          boolean reference = !field.getType().isPrimitive();
          if (reference && !Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
            fields.add(field);
          }
        }
      }
    }
    return List.copyOf(fields);
  }
}
