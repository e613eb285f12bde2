package io.leaksafe.map;

/** Why an entry left a map. */
public enum RemovalCause {
  /** Its time was over. */
  EXPIRED,
  /** The bound pushed it out. */
  EVICTED,
  /** Another value was put in its place. */
  REPLACED,
  /** It was removed, or was computed while the key was put or removed. */
  REMOVED,
  /** The map was closed. */
  CLOSED
}
