package io.leaksafe.handle;

/** Something to do that may fail: a deferred step of a close, or a timer's task. */
@FunctionalInterface
public interface Action {

  /**
   * Does it.
   *
   * @throws Exception whatever went wrong; it is reported with the name under which the action was given and never stops
   *     its neighbours
   */
  void run() throws Exception;
}
