package io.leaksafe.testkit.junit;

import io.leaksafe.testkit.leak.LeakKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows one kind of leak, with the reason. The report of a leak ends with the annotation that would allow it.
 *
 * <p>It stands where {@link LeakCheck} does and holds for everything inside: entries add up. An entry that allowed nothing is
 * reported when the test or class it stands on ends: as a report entry, and as a warning in the log.
 *
 * <pre>{@code
 * @AllowLeak(kind = LeakKind.THREAD, openedAt = "com.acme.MetricsClient", because = "has no close(); ACME-123")
 * }</pre>
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(AllowLeak.Several.class)
@Inherited
@Documented
public @interface AllowLeak {

  /**
   * What is allowed.
   *
   * @return the kind
   */
  LeakKind kind();

  /**
   * Whose code may open it: one of the user's classes in the stack of the opening.
   *
   * @return a class, which stands for the classes nested in it, too, or a package, for all below it; empty, the default, for
   *     any
   */
  String openedAt() default "";

  /**
   * Why it is allowed, for who reads this in a year.
   *
   * @return not blank
   */
  String because();

  /** Where the compiler puts several. */
  @Target({ElementType.METHOD, ElementType.TYPE, ElementType.PACKAGE})
  @Retention(RetentionPolicy.RUNTIME)
  @Inherited
  @Documented
  @interface Several {

    /**
     * The entries.
     *
     * @return two or more
     */
    AllowLeak[] value();
  }
}
