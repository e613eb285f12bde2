package io.leaksafe.testkit.junit;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.testkit.VirtualTime;
import io.leaksafe.testkit.internal.ledger.Ledger;
import io.leaksafe.testkit.leak.LeakProbe;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Fails a test that leaves something behind: threads, executors, timers, files, sockets, managers and the rest of {@link
 * io.leaksafe.testkit.leak.LeakKind}.
 *
 * <p>It is found and switched on when the testkit is on the class path, unless the configuration says something of its own
 * about {@code junit.jupiter.extensions.autodetection.enabled}: with {@code true} JUnit finds it as it finds every extension,
 * with {@code false} it is off, and {@code @ExtendWith(LeakCheckExtension.class)} puts it on a class. Both at once do no harm.
 *
 * <p>What a test's code makes is judged when the test has ended, after {@code @AfterEach}, other extensions and temporary
 * folders; what constructor and {@code @BeforeAll} of a class make is judged when the class ends, or with the test if it has
 * an instance of its own; what other extensions make for classes is judged at the end of the run, after the root store was
 * closed. A test that failed keeps its failure, with the leaks suppressed in it.
 *
 * <p>As parameters of tests, constructors and the methods around tests it gives, each test its own:
 *
 * <ul>
 *   <li>{@link CleanupManager}, which records the stack of each opening, and is closed after the test. The test fails unless
 *       that close is clean. If a parameter of the same method or constructor is a {@code VirtualTime}, that is its time.
 *   <li>{@link VirtualTime}.
 *   <li>{@link LeakProbe}, started where it is first asked for, and closed after the test.
 * </ul>
 *
 * <p>Parameters with annotations are left to others. Thread safety: as JUnit demands; it has no state.
 */
public final class LeakCheckExtension
    implements ExecutionCondition,
        BeforeAllCallback,
        BeforeEachCallback,
        InvocationInterceptor,
        ParameterResolver {

  /** Configuration parameter: {@code false} switches the check off where no annotation says otherwise. */
  public static final String ENABLED = "leaksafe.check.enabled";

  /** Configuration parameter: the grace in milliseconds where no annotation says otherwise; 250 if not set. */
  public static final String GRACE_MILLIS = "leaksafe.check.graceMillis";

  /** Configuration parameter: opt-in kinds to look for, by name, separated by commas. */
  public static final String ALSO = "leaksafe.check.also";

  static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(LeakCheckExtension.class);

  /** Made by JUnit. */
  public LeakCheckExtension() {}

  /**
   * Never keeps a test from running. Conditions are asked before anything else happens, so the watch begins here, and its
   * place in the store is before that of everybody else.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Watch.of(context);
    return ConditionEvaluationResult.enabled("checked for leaks");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Watch.of(context).refuseMistakes();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Watch watch = Watch.of(context);
    watch.endFilling();
    watch.refuseMistakes();
  }

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public <T> T interceptTestClassConstructor(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Constructor<T>> invoked,
      ExtensionContext context)
      throws Throwable {
    Watch watch = Watch.of(context);
    watch.endFilling();
    try {
      return owned(invocation, context);
    } finally {
      watch.beginFilling();
    }
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    return owned(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  @Override
  public void interceptAfterAllMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    owned(invocation, context);
  }

  private static <T extends @Nullable Object> T owned(
      Invocation<T> invocation, ExtensionContext context) throws Throwable {
    AutoCloseable binding = Watch.of(context).own();
    try {
      return invocation.proceed();
    } finally {
      Ledger.close(binding);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Parameters.supports(parameter);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Watch.of(context);
    return Parameters.of(context).resolve(parameter);
  }
}
