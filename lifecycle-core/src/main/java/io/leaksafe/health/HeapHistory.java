package io.leaksafe.health;

/** The heap of the latest samples. Confined to the monitor's lock. */
final class HeapHistory {
  /*
   * Two kinds of values never mix in one trend: as soon as the heap after a collection is known, what was measured before is
   * dropped. A sample during which there was no collection repeats the value of the one before; it would make the trend look
   * flatter and surer than it is, so it is left out.
   */
  private final long[] nanos;
  private final double[] values;
  private int count;
  private long collections = -1;

  HeapHistory(int samples) {
    nanos = new long[samples];
    values = new double[samples];
  }

  void add(long now, Reading reading) {
    boolean afterGc = reading.heapAfterGc() >= 0;
    if (afterGc && reading.collections() == collections) {
      return;
    }
    if (afterGc && collections < 0) {
      count = 0;
    }
    collections = afterGc ? reading.collections() : collections;
    if (!afterGc && collections >= 0) {
      return;
    }
    if (count == nanos.length) {
      System.arraycopy(nanos, 1, nanos, 0, --count);
      System.arraycopy(values, 1, values, 0, count);
    }
    nanos[count] = now;
    values[count++] = afterGc ? reading.heapAfterGc() : reading.heapUsed();
  }

  Trend trend() {
    return TheilSen.of(nanos, values, count);
  }
}
