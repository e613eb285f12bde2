package io.leaksafe.health;

/** What is measured and may have a threshold. Not every platform tells each of them. */
public enum Measure {
  /** Bytes of the heap in use now, garbage included. */
  HEAP_USED("heap used", true, true),
  /** Bytes of the heap in use after the latest collection: what really stays. Known after the first one. */
  HEAP_AFTER_GC("heap after GC", true, true),
  /** Bytes of memory that the process holds, as the operating system counts: on Linux. */
  RESIDENT("resident", true, false),
  /** Live platform threads. */
  THREADS("threads", false, false),
  /** Live handles of the whole tree. */
  HANDLES("handles", false, false),
  /** Open file descriptors: on Linux. */
  OPEN_FILES("open files", false, true);

  final String words;
  final boolean bytes;

  /** Whether it has a maximum, of which a threshold may be a percentage. */
  final boolean limited;

  Measure(String words, boolean bytes, boolean limited) {
    this.words = words;
    this.bytes = bytes;
    this.limited = limited;
  }
}
