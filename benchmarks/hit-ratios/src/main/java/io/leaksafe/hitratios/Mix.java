package io.leaksafe.hitratios;

/** Scatters numbers, so that neighbours do not stay neighbours. */
final class Mix {

  private Mix() {}

  /** Every input has an output of its own; this is the finish of SplitMix64 (Steele, Lea and Flood, 2014). */
  static long of(long number) {
    long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
