package io.leaksafe.testkit.internal.heap;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;

/** Collects garbage, and proves that it was collected. */
public final class Garbage {
  /*
   * The proof is a canary: an object to which only a weak reference refers. When that is cleared, a collection has looked at the
   * whole heap: a full one treats all weak references alike. No time is waited for; a collector that does not collect within ten
   * requests, such as Epsilon, never will.
   */
  private static final int ATTEMPTS = 10;

  private Garbage() {}

  /**
   * Collects until everything that only weak references referred to, when this was called, is gone.
   *
   * @throws IllegalStateException if this JVM does not collect, or cannot be asked to
   */
  public static void collect() {
    Reference<Object> canary = canary();
    for (int i = 0; i < ATTEMPTS; i++) {
      Diagnostics.collect();
      if (canary.refersTo(null)) {
        return;
      }
    }
    throw new IllegalStateException(
        "The garbage collector was asked " + ATTEMPTS
            + " times and did not collect an object to which nothing refers. Use one that collects: not Epsilon.");
  }

  /** As {@link #collect}, and runs finalizers, so that what they held goes with the next collection. */
  static void settle() {
    collect();
    Diagnostics.finish();
  }

  private static Reference<Object> canary() {
    return new WeakReference<>(new Object());
  }
}
