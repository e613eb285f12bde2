package io.leaksafe.testkit.assertj;

import io.leaksafe.internal.check.Text;
import io.leaksafe.share.SharedResource;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a resource that several share. */
public final class SharedResourceAssert
    extends AbstractAssert<SharedResourceAssert, SharedResource<?>> {

  SharedResourceAssert(@Nullable SharedResource<?> actual) {
    super(actual, SharedResourceAssert.class);
  }

  /**
   * Fails unless the resource is open.
   *
   * @return this
   */
  public SharedResourceAssert isOpen() {
    isNotNull();
    if (!actual.isOpen()) {
      throw failure("Expected the shared resource to be open, but it is not: %s", leases());
    }
    return this;
  }

  /**
   * Fails while the resource is open.
   *
   * @return this
   */
  public SharedResourceAssert isNotOpen() {
    isNotNull();
    if (actual.isOpen()) {
      throw failure("Expected the shared resource not to be open, but it is: %s", leases());
    }
    return this;
  }

  /**
   * Fails unless exactly so many leases are out.
   *
   * @param expected how many
   * @return this
   */
  public SharedResourceAssert hasLeases(int expected) {
    isNotNull();
    int leases = actual.leases();
    if (leases != expected) {
      throw failureWithActualExpected(
          leases,
          expected,
          "Expected %s, but there %s. The handles of the scopes that hold them say who.",
          Text.count(expected, "lease"),
          leases == 1 ? "is 1" : "are " + Text.count(leases));
    }
    return this;
  }

  /**
   * Fails if a lease is out.
   *
   * @return this
   */
  public SharedResourceAssert hasNoLeases() {
    return hasLeases(0);
  }

  private String leases() {
    return Text.count(actual.leases(), "lease") + " out.";
  }
}
