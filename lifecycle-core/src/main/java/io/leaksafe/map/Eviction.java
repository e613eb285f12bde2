package io.leaksafe.map;

/** What goes first when a map is full. */
public enum Eviction {

  /**
   * What was put first, in insertion order; overwriting a value does not change its place. Nothing is refused, so what was just
   * put is there: for application state, such as calls, carts, limiters and journals.
   */
  OLDEST,

  /**
   * What is least likely to be asked for again, by how often and how lately it was. A newcomer that looks colder than
   * everything else goes first itself: for caches.
   */
  COLDEST
}
