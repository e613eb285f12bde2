package io.leaksafe.testkit.internal.heap;

/** How many bytes are live, counted object by object after a collection; the used heap tells less. */
public final class LiveBytes {

  private LiveBytes() {}

  /** Collects, as counting does by itself, and sums the bytes of what is left. */
  public static long count() {
    return Census.total(Diagnostics.histogram());
  }
}
