package io.leaksafe.testkit.assertj;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Text;
import java.time.Duration;
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
    return same("kind", Words.lower(actual.kind()), Words.lower(expected));
  }

  /**
   * Fails unless the handle closes in a group.
   *
   * @param expected the group
   * @return this
   */
  public HandleInfoAssert hasPriority(Priority expected) {
    isNotNull();
    return same("priority", Words.lower(actual.priority()), Words.lower(expected));
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
   * Fails unless a thread opened the handle. Under {@link io.leaksafe.handle.Tracking#DISABLED} nobody knows, and this fails.
   *
   * @param thread the thread's name
   * @return this
   */
  public HandleInfoAssert wasOpenedBy(String thread) {
    isNotNull();
    if (actual.openedBy().isEmpty()) {
      throw failure(
          "Expected '%s' to have been opened by '%s', but that is not known. Use tracking(SIMPLE) or more.",
          actual.path(), thread);
    }
    return same("opener", actual.openedBy(), thread);
  }

  /**
   * Fails unless the handle's kind has this to say of it, such as how often a timer has failed.
   *
   * @param key      the detail's name, for example {@code failed}
   * @param expected its value, for example {@code 1 time}
   * @return this
   */
  public HandleInfoAssert hasDetail(String key, String expected) {
    isNotNull();
    String value = actual.details().get(key);
    if (value == null) {
      throw failure(
          "Expected '%s' to have the detail '%s', but it has %s.",
          actual.path(), key, actual.details().keySet());
    }
    return same("detail '" + key + "'", value, expected);
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
      throw failure(
          "Expected '%s' to be older than %s, but it was %s.",
          actual.path(), Text.duration(age), actual.opening());
    }
    return this;
  }

  private HandleInfoAssert same(String what, String value, String expected) {
    if (!value.equals(expected)) {
      throw failureWithActualExpected(
          value,
          expected,
          "Expected the %s of '%s' to be '%s', but it is '%s'.",
          what,
          actual.path(),
          expected,
          value);
    }
    return this;
  }
}
