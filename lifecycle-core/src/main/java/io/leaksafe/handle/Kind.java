package io.leaksafe.handle;

/** What sort of thing a handle stands for. */
public enum Kind {
  /** Something the user opened: a pool, a socket, a file. */
  RESOURCE,
  /** A child scope, which closes as one block. */
  SCOPE,
  /** Something to do at close, such as a final flush. */
  ACTION,
  /** A scheduler, or one scope's view of it. */
  SCHEDULER,
  /** A pending or periodic task. */
  TIMER,
  /** The timer behind a timeout. */
  TIMEOUT,
  /** A callback registered with an emitter. */
  LISTENER,
  /** A bounded map. */
  MAP,
  /** A share in something that closes after its last lease. */
  LEASE,
  /** A process-wide slot that was taken over and will be restored. */
  HOOK
}
