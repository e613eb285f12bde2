package io.leaksafe.testkit.assertj;

import io.leaksafe.buffer.BoundedBuffer;
import io.leaksafe.internal.check.Text;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what a buffer holds and what it has lost.
 *
 * @param <E> the type of the elements
 */
public final class BoundedBufferAssert<E>
    extends AbstractAssert<BoundedBufferAssert<E>, BoundedBuffer<E>> {

  BoundedBufferAssert(@Nullable BoundedBuffer<E> actual) {
    super(actual, BoundedBufferAssert.class);
  }

  /**
   * Fails if there are elements.
   *
   * @return this
   */
  public BoundedBufferAssert<E> isEmpty() {
    return hasSize(0);
  }

  /**
   * Fails unless there are exactly so many elements.
   *
   * @param expected how many
   * @return this
   */
  public BoundedBufferAssert<E> hasSize(int expected) {
    isNotNull();
    return same("size", actual.size(), expected);
  }

  /**
   * Fails unless the weights of the elements have exactly this sum.
   *
   * @param expected the sum
   * @return this
   */
  public BoundedBufferAssert<E> hasWeight(long expected) {
    isNotNull();
    return same("weight", actual.weight(), expected);
  }

  /**
   * Fails unless exactly so many elements were lost: refused, or forgotten by a history.
   *
   * @param expected how many
   * @return this
   */
  public BoundedBufferAssert<E> hasDropped(long expected) {
    isNotNull();
    return same("number of dropped elements", actual.dropped(), expected);
  }

  /**
   * Fails if an element was lost.
   *
   * @return this
   */
  public BoundedBufferAssert<E> hasDroppedNothing() {
    return hasDropped(0);
  }

  /**
   * Fails unless these are the elements, oldest first.
   *
   * @param expected the elements
   * @return this
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  public final BoundedBufferAssert<E> containsExactly(E... expected) {
    isNotNull();
    List<E> wanted = Arrays.asList(expected);
    List<E> held = actual.snapshot();
    if (!held.equals(wanted)) {
      throw failureWithActualExpected(
          held,
          wanted,
          "Expected the buffer to hold %s, oldest first, but it holds %s.",
          wanted,
          held);
    }
    return this;
  }

  private BoundedBufferAssert<E> same(String what, long value, long expected) {
    if (value != expected) {
      throw failureWithActualExpected(
          value,
          expected,
          "Expected the buffer's %s to be %s, but it is %s.",
          what,
          Text.count(expected),
          Text.count(value));
    }
    return this;
  }
}
