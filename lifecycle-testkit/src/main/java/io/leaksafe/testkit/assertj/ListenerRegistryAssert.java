package io.leaksafe.testkit.assertj;

import io.leaksafe.internal.check.Text;
import io.leaksafe.listener.ListenerRegistry;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on the listeners of an emitter. */
public final class ListenerRegistryAssert
    extends AbstractAssert<ListenerRegistryAssert, ListenerRegistry<?>> {

  ListenerRegistryAssert(@Nullable ListenerRegistry<?> actual) {
    super(actual, ListenerRegistryAssert.class);
  }

  /**
   * Fails if anybody listens.
   *
   * @return this
   */
  public ListenerRegistryAssert hasNoListeners() {
    return hasListeners(0);
  }

  /**
   * Fails unless exactly so many listeners would be called now.
   *
   * @param expected how many
   * @return this
   */
  public ListenerRegistryAssert hasListeners(int expected) {
    isNotNull();
    int size = actual.size();
    if (size != expected) {
      throw failureWithActualExpected(
          size,
          expected,
          "Expected %s, but there %s. The handles of the scopes that listen say who added each.",
          Text.count(expected, "listener"),
          size == 1 ? "is 1" : "are " + Text.count(size));
    }
    return this;
  }
}
