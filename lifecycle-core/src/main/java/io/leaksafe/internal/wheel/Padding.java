package io.leaksafe.internal.wheel;

/**
 * Two cache lines before the fields of a subclass, so that its neighbours in memory, which belong to other threads, do not slow
 * it down. A subclass of that, named {@code Apart}, has as much behind them.
 */
abstract class Padding {
  @SuppressWarnings("unused")
  private int i0; // or a field of a subclass would fill the gap behind the header

  @SuppressWarnings("unused")
  private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
