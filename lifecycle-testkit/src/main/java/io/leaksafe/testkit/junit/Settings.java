package io.leaksafe.testkit.junit;

import io.leaksafe.testkit.leak.LeakKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Reads what the configuration and the annotations say. */
final class Settings {

  private static final long DEFAULT_GRACE_MILLIS = 250;

  private Settings() {}

  /** The rules of the configuration parameters; one that is wrong has no effect but its message. */
  static Rules configured(ExtensionContext context, List<String> mistakes) {
    return Rules.configured(
        enabled(context, mistakes), grace(context, mistakes), also(context, mistakes));
  }

  private static boolean enabled(ExtensionContext context, List<String> mistakes) {
    String text = parameter(context, LeakCheckExtension.ENABLED).orElse("true");
    if (!text.equals("true") && !text.equals("false")) {
      mistakes.add(LeakCheckExtension.ENABLED + " must be true or false, was '" + text
          + "'. Tests are checked.");
    }
    return !text.equals("false");
  }

  private static long grace(ExtensionContext context, List<String> mistakes) {
    String text =
        parameter(context, LeakCheckExtension.GRACE_MILLIS).orElse("" + DEFAULT_GRACE_MILLIS);
    if (!text.matches("\\d{1,5}")) {
      mistakes.add(LeakCheckExtension.GRACE_MILLIS + " must be a number from 0 to 99999, was '"
          + text + "'. The grace is " + DEFAULT_GRACE_MILLIS + " ms.");
      return DEFAULT_GRACE_MILLIS;
    }
    return Long.parseLong(text);
  }

  private static Set<LeakKind> also(ExtensionContext context, List<String> mistakes) {
    EnumSet<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    for (String each : parameter(context, LeakCheckExtension.ALSO).orElse("").split(",", -1)) {
      String name = each.strip().toUpperCase(Locale.ROOT);
      if (!name.isEmpty()) {
        Optional<LeakKind> kind = EnumSet.allOf(LeakKind.class).stream()
            .filter(known -> known.name().equals(name))
            .findFirst();
        kind.ifPresent(kinds::add);
        if (kind.isEmpty()) {
          mistakes.add(Rules.unknownKind(LeakCheckExtension.ALSO, each.strip()));
        }
      }
    }
    return kinds;
  }

  private static Optional<String> parameter(ExtensionContext context, String name) {
    return context.getConfigurationParameter(name).map(String::strip);
  }

  /** The rules of a test or class inside of something whose rules are known. */
  static Rules of(ExtensionContext context, Rules outer) {
    return context
        .getElement()
        .filter(element -> context
            .getParent()
            .flatMap(ExtensionContext::getElement)
            .filter(element::equals)
            .isEmpty()) // an invocation has the element of its template
        .map(element -> outer.inside(
            Titles.of(context),
            AnnotationSupport.findAnnotation(element, LeakCheck.class).orElse(null),
            AnnotationSupport.findRepeatableAnnotations(element, AllowLeak.class)))
        .orElseGet(outer::inside);
  }

  /** The rules of the package of a class. */
  static Rules ofPackage(Package home, Rules outer) {
    return outer.inside(
        "package " + home.getName(),
        AnnotationSupport.findAnnotation(home, LeakCheck.class).orElse(null),
        AnnotationSupport.findRepeatableAnnotations(home, AllowLeak.class));
  }
}
