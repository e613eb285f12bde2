package io.leaksafe.internal.timer;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often it fires. */
final class CountingTimer extends Timer {

  private final AtomicInteger fired = new AtomicInteger();
  private final Runnable then;

  CountingTimer() {
    this(() -> {});
  }

  CountingTimer(Runnable then) {
    this.then = then;
  }

  @Override
  protected void fire() {
    fired.incrementAndGet();
    then.run();
  }

  int fired() {
    return fired.get();
  }
}
