package io.leaksafe.testkit.junit;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a report calls a test, a class or the whole run. */
final class Titles {

  private Titles() {}

  /** For example {@code OrderServiceTest.rejectsLateOrders()}, with the display name of an invocation behind it. */
  static String of(ExtensionContext context) {
    Optional<ExtensionContext> parent = context.getParent();
    if (parent.isEmpty()) {
      return "The test run";
    }
    String type = context.getTestClass().map(Titles::simpleName).orElse("");
    Optional<Method> method = context.getTestMethod();
    if (method.isEmpty()) {
      return type.isEmpty() ? context.getDisplayName() : type;
    }
    String title = type + "." + method.get().getName() + "()";
    return isOneOfSeveral(context) ? title + " " + context.getDisplayName() : title;
  }

  private static boolean isOneOfSeveral(ExtensionContext context) {
    return context.getParent().flatMap(ExtensionContext::getTestMethod).isPresent();
  }

  /** The name without its package, but with the classes around it. */
  private static String simpleName(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : simpleName(outer) + "." + type.getSimpleName();
  }
}
