package io.leaksafe.internal.virtual;

import io.leaksafe.internal.check.Text;
import io.leaksafe.time.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How long, in the machine's time, virtual time waits for what it cannot move. Thread-safe. */
final class Patience {

  /** The machine's own time: what this measures, and how a thread of a test really waits. */
  static final TimeSource REAL = TimeSource.system();

  /** How often to look at least. A longer gap is the machine's, or a debugger's, and not counted. */
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private volatile long nanos = TimeUnit.SECONDS.toNanos(10);

  /** Counts the beginnings and ends of drives: odd while somebody moves time. */
  private final AtomicInteger drives = new AtomicInteger();

  void set(long patienceNanos) {
    nanos = patienceNanos;
  }

  /** Told when somebody begins to move time, and again when nobody does any more. */
  void driveBeginsOrEnds() {
    drives.incrementAndGet();
  }

  /** Begins to wait. */
  Wait begin(long realNow) {
    return new Wait(realNow);
  }

  @Override
  public String toString() {
    return Text.duration(nanos);
  }

  /** One wait, of one thread. */
  final class Wait {
    private long last;
    private long used;
    private int seenDrives = drives.get();

    private Wait(long realNow) {
      last = realNow;
    }

    void restart(long realNow) {
      last = realNow;
      used = 0;
    }

    /** Looks at the machine's clock, and says whether the patience is used up. */
    boolean isOver(long realNow) {
      used += Math.min(realNow - last, LOOK_NANOS);
      last = realNow;
      return used > nanos;
    }

    /** The same for a wait that others have to end by moving time: it begins anew whenever they did. */
    boolean isOverUndriven(long realNow) {
      int drivesNow = drives.get();
      if (drivesNow % 2 != 0 || drivesNow != seenDrives) {
        seenDrives = drivesNow;
        restart(realNow);
      }
      return isOver(realNow);
    }
  }
}
