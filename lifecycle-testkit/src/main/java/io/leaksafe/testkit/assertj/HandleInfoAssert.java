package io.leaksafe.testkit.assertj;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what is known of a handle. */
public final class HandleInfoAssert extends AbstractAssert<HandleInfoAssert, HandleInfo> {

  HandleInfoAssert(@Nullable HandleInfo actual) {
    super(actual, HandleInfoAssert.class);
  }

  /**
   * Fails unless the handle is of a kind.
   *
   * @param expected the kind
   * @return this
   */
  public HandleInfoAssert hasKind(Kind expected) {
    isNotNull();
    return same("kind", actual.kind(), expected);
  }

  /**
   * Fails unless the handle closes in a group.
   *
   * @param expected the group
   * @return this
   */
  public HandleInfoAssert hasPriority(Priority expected) {
    isNotNull();
    return same("priority", actual.priority(), expected);
  }

  /**
   * Fails unless the handle stands at a place in the tree.
   *
   * @param expected the names from the root down, joined by slashes
   * @return this
   */
  public HandleInfoAssert hasPath(String expected) {
    isNotNull();
    return same("path", actual.path(), expected);
  }

  /**
   * Fails unless a thread opened the handle.
   *
   * @param expected the thread's name
   * @return this
   */
  public HandleInfoAssert wasOpenedBy(String expected) {
    isNotNull();
    return same("openedBy", actual.openedBy(), expected);
  }

  /**
   * Fails unless the handle has been live for longer than this.
   *
   * @param age the time it must exceed
   * @return this
   */
  public HandleInfoAssert isOlderThan(Duration age) {
    isNotNull();
    if (actual.age().compareTo(age) <= 0) {
      throw failure("Expected this to be older than %s, but it is not: %s.", age, actual);
    }
    return this;
  }

  private HandleInfoAssert same(String what, Object value, Object expected) {
    if (!Objects.equals(value, expected)) {
      throw failureWithActualExpected(
          value, expected, "Expected %s %s, but it is %s: %s.", what, expected, value, actual);
    }
    return this;
  }
}
