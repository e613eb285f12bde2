package io.leaksafe.testkit.assertj;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a handle. */
public final class HandleAssert extends AbstractAssert<HandleAssert, Handle<?>> {

  HandleAssert(@Nullable Handle<?> actual) {
    super(actual, HandleAssert.class);
  }

  /**
   * Fails unless the handle can be used: its close has not begun, nor has it been released.
   *
   * @return this
   */
  public HandleAssert isLive() {
    isNotNull();
    if (!usable()) {
      throw failure(
          "Expected '%s' to be live, but it is closed, closing or released.",
          actual.info().path());
    }
    return this;
  }

  /**
   * Fails while the handle can be used. One whose close has begun passes; the scope lists it as live until that has ended.
   *
   * @return this
   */
  public HandleAssert isClosed() {
    isNotNull();
    if (usable()) {
      throw failure("Expected this to be closed, but it is live: %s.", Words.line(actual.info()));
    }
    return this;
  }

  /**
   * Goes on with what is known of the handle now.
   *
   * @return assertions on it
   */
  public HandleInfoAssert info() {
    isNotNull();
    return new HandleInfoAssert(actual.info());
  }

  private boolean usable() {
    try {
      actual.get();
      return true;
    } catch (ClosedScopeException gone) { // the answer
      return false;
    }
  }
}
