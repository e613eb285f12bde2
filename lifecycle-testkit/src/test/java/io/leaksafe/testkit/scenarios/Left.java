package io.leaksafe.testkit.scenarios;

import io.leaksafe.testkit.leak.LeakKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the check must say of a scenario; one without this annotation must be found clean. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface Left {

  /** What is left behind. */
  LeakKind value();

  /** What stands in the report, beside the kind and the line that made it. */
  String[] says() default {};

  /** The line that made it, as far as its number; empty for the scenario's own method. */
  String by() default "";

  /** How many things are left. */
  int things() default 1;

  /** Whether it is told just so without the agent, too; otherwise whatever is said then is right. */
  boolean withoutAgent() default false;

  /** Whether something is said of it without the agent while nothing else runs. */
  boolean seenAlone() default false;

  /** The invocation or dynamic test that leaves it, if there are several. */
  String in() default "";

  /** The simple name of the failure in which the leak is suppressed; empty if it is the failure. */
  String behind() default "";
}
