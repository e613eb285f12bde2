package io.leaksafe.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Objects;

/** Looks over a buffer: the invariants in the comment of {@link Ring}. */
final class RingCheck {

  private RingCheck() {}

  static void verify(BoundedBuffer<?> buffer) {
    Object[] elements = (Object[]) read(buffer, "elements");
    long[] weights = (long[]) read(buffer, "weights");
    int oldest = (int) read(buffer, "oldest");
    int size = (int) read(buffer, "size");
    long weight = 0;
    for (int i = 0; i < elements.length; i++) {
      int at = (oldest + i) % elements.length;
      assertThat(elements[at] != null).as("element %d of %d", i, size).isEqualTo(i < size);
      weight += i >= size ? 0 : weights.length == 0 ? 1 : weights[at];
    }
    assertThat(Arrays.stream(elements).filter(Objects::nonNull)).hasSize(size);
    assertThat(buffer.weight()).isEqualTo(weight).isLessThanOrEqualTo((long)
        read(buffer, "budget"));
    assertThat(elements.length)
        .as("length for %d", size)
        .isLessThanOrEqualTo(Math.max(16, 4 * size + 3));
  }

  static int length(BoundedBuffer<?> buffer) {
    return ((Object[]) read(buffer, "elements")).length;
  }

  private static Object read(BoundedBuffer<?> of, String name) {
    try {
      Field field = Ring.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Ring." + name + " is not there any more.", e);
    }
  }
}
