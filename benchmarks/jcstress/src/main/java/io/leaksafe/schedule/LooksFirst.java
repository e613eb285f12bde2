package io.leaksafe.schedule;

/** A task and its close without a common step: the worker looks, and then says that it runs. */
final class LooksFirst {

  private final SlowTask task = new SlowTask();
  private volatile boolean closed;
  private volatile boolean running;

  void worker() {
    if (!closed) {
      running = true;
      task.run();
      running = false;
    }
  }

  String close() {
    closed = true;
    while (running) {
      Thread.onSpinWait();
    }
    return task.state();
  }

  boolean hasBegun() {
    return task.hasBegun();
  }
}
