package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions begin. Import {@code assertThat} statically; it stands beside AssertJ's own without conflict.
 *
 * <p>Thread safety: an assertion looks at what is there when it is called, and may be used on any thread.
 */
public final class LifecycleAssertions {

  private LifecycleAssertions() {}

  /**
   * Begins assertions on a scope or a manager.
   *
   * @param actual the scope
   * @return assertions on it
   */
  public static ScopeAssert assertThat(@Nullable Scope actual) {
    return new ScopeAssert(actual);
  }

  /**
   * Begins assertions on the report of a close.
   *
   * @param actual the report
   * @return assertions on it
   */
  public static CloseReportAssert assertThat(@Nullable CloseReport actual) {
    return new CloseReportAssert(actual);
  }

  /**
   * Begins assertions on a handle, as it is now.
   *
   * @param actual the handle
   * @return assertions on it
   */
  public static HandleAssert assertThat(@Nullable Handle<?> actual) {
    return new HandleAssert(actual);
  }

  /**
   * Begins assertions on what is known of a handle.
   *
   * @param actual the copy of what is known
   * @return assertions on it
   */
  public static HandleInfoAssert assertThat(@Nullable HandleInfo actual) {
    return new HandleInfoAssert(actual);
  }
}
