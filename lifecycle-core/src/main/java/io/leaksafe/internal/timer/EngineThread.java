package io.leaksafe.internal.timer;

/**
 * What a thread of an engine runs. Virtual time knows by it whose thread it starts, and so what is pending there.
 *
 * @param engine whose thread it is
 * @param body   what it does
 */
public record EngineThread(TimerEngine engine, Runnable body) implements Runnable {

  @Override
  public void run() {
    body.run();
  }

  /** Whether a thread that is parked on this is a worker without work, whose wait is no timer. */
  public static boolean idles(Object blocker) {
    return blocker instanceof Workers;
  }
}
