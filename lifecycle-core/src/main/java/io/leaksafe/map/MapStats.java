package io.leaksafe.map;

import java.time.Duration;

/**
 * What a map has counted since it was made; a copy of one moment.
 *
 * @param hits         reads that found a value
 * @param misses       reads that found none
 * @param loads        computations that returned a value
 * @param failedLoads  computations that threw or returned nothing
 * @param loadTime     how long all computations took together
 * @param evictions    entries that the bound pushed out
 * @param expirations  entries whose time was over
 */
public record MapStats(
    long hits,
    long misses,
    long loads,
    long failedLoads,
    Duration loadTime,
    long evictions,
    long expirations) {

  /**
   * Returns which part of the reads found a value.
   *
   * @return from 0 to 1; 1 if there were no reads
   */
  public double hitRatio() {
    long reads = hits + misses;
    return reads == 0 ? 1 : (double) hits / reads;
  }
}
