package io.leaksafe.cleanup;

/** Looks after a run while closers may outlive their share. */
@FunctionalInterface
interface Watcher {

  /**
   * Sees to it that {@link CloseRun#watch} is called by then. Called under the run's lock.
   *
   * @param run which one
   * @param due by the monotonic clock
   */
  void wakeBy(CloseRun run, long due);
}
