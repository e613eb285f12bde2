package io.leaksafe.testkit.junit;

import io.leaksafe.testkit.leak.LeakKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets how tests are checked for leaks: by default each is, with 250 ms of grace.
 *
 * <p>It stands on a test method, a class, a package ({@code package-info.java}) or an annotation of your own that stands there.
 * What is nearer wins, setting by setting: the method, its class, the superclasses, the enclosing classes, the package, then
 * the configuration parameters {@value LeakCheckExtension#ENABLED}, {@value LeakCheckExtension#GRACE_MILLIS} and {@value
 * LeakCheckExtension#ALSO}. Kinds to look for add up.
 *
 * <pre>{@code
 * @LeakCheck(also = LeakKind.JVM_STATE, graceMillis = 2_000)
 * class ImporterTest {}
 * }</pre>
 *
 * <p>Where it contradicts itself or other annotations, the test or class fails before it runs, with what to change.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface LeakCheck {

  /**
   * Whether to check. What is made under an unchecked test is nobody's: its class does not fail by it, either.
   *
   * @return true to check
   */
  boolean value() default true;

  /**
   * How long what is about to end may take to end, in milliseconds. A clean test does not wait at all.
   *
   * @return 0 to 600,000; or -1, the default, to leave it as it is set elsewhere
   */
  long graceMillis() default -1;

  /**
   * Kinds to look for that are left alone otherwise; see {@link LeakKind#isOptIn()}.
   *
   * @return any kinds; none by default
   */
  LeakKind[] also() default {};
}
