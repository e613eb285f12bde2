package io.leaksafe.health;

import io.leaksafe.handle.Kind;
import java.util.Map;

/**
 * What was measured at one moment; a measure that is not known is negative.
 *
 * @param collections how many collections there were; the heap after them belongs to the latest
 */
record Reading(
    long heapUsed,
    long heapAfterGc,
    long heapMax,
    long collections,
    long resident,
    long threads,
    Map<Kind, Integer> handles,
    long openFiles,
    long mostFiles) {

  long of(Measure measure) {
    return switch (measure) {
      case HEAP_USED -> heapUsed;
      case HEAP_AFTER_GC -> heapAfterGc;
      case RESIDENT -> resident;
      case THREADS -> threads;
      case HANDLES -> handles.values().stream().mapToLong(Integer::longValue).sum();
      case OPEN_FILES -> openFiles;
    };
  }

  /** The largest value there can be; negative if that is not known. */
  long most(Measure measure) {
    return switch (measure) {
      case HEAP_USED, HEAP_AFTER_GC -> heapMax;
      case OPEN_FILES -> mostFiles;
      default -> -1;
    };
  }
}
