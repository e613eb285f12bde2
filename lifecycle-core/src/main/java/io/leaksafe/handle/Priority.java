package io.leaksafe.handle;

/** The order of closing between groups, declared in closing order; inside one group the last opened closes first. */
public enum Priority {
  /** What takes new work in: servers, consumers. */
  FIRST,
  /** What starts work by itself: timers and subscriptions, which are here unless told otherwise. */
  EARLY,
  /** Everything else. */
  NORMAL,
  /** What the rest needs in order to close: sockets, clients, pools. */
  LATE,
  /** What must see all of it: logging, metrics. */
  LAST
}
