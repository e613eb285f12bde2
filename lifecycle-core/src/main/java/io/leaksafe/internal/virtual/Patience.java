package io.leaksafe.internal.virtual;

import io.leaksafe.internal.check.Text;
import java.util.concurrent.TimeUnit;

/** How long, in the machine's time, virtual time waits for what it cannot move. Thread-safe. */
final class Patience {

  private volatile long nanos = TimeUnit.SECONDS.toNanos(10);
  private volatile boolean driven;
  private volatile long lastDriven = System.nanoTime();

  void set(long patienceNanos) {
    nanos = patienceNanos;
  }

  /** Told when somebody begins to move time, and when nobody does any more. */
  void driven(boolean now) {
    lastDriven = System.nanoTime();
    driven = now;
  }

  boolean isOver(long since) {
    return System.nanoTime() - since > nanos;
  }

  /** How much is left, in nanoseconds, of the wait of somebody whom nobody drives. While somebody drives it does not run. */
  long left(long since) {
    if (driven) {
      return nanos;
    }
    long last = lastDriven;
    long begin = since - last > 0 ? since : last;
    return nanos - (System.nanoTime() - begin);
  }

  @Override
  public String toString() {
    return Text.duration(nanos);
  }
}
