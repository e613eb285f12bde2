package io.leaksafe.map;

import io.leaksafe.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is being computed for a key: what other callers of that key wait for. */
final class Computation {
  /*
   * It is linked in the shard of its key from before the old value is read until the result is put, under the lock both times;
   * the user's function runs in between, under no lock. Who puts or removes the key meanwhile unlinks it, which is how the
   * computation learns that it has been overtaken. Those who overwrite by CAS first do that and then look for computations;
   * a computation is first linked and then reads the old value; all four are volatile. So one of the two sees the other.
   * Proof: jcstress LoadAgainstRemove, whose twin does not look.
   *
   * Waiting. Whoever is about to wait first notes for what, in WAITING, and then follows: the thread that computes this, what
   * that waits for, and so on. Of the threads in a circle the last one to note sees all of it, whichever that is.
   *
   * Who waits first says so and then looks whether it is over; who ends it does the two the other way round. Proof: jcstress
   * WaitAgainstEnd, whose twin looks first, and sleeps for ever.
   */
  private static final int LONGEST_CHAIN = 1_000;

  /** Only threads that are waiting right now: nothing stays. */
  private static final ConcurrentMap<Thread, Computation> WAITING = new ConcurrentHashMap<>();

  private final int hash;
  private final Object key;
  private final Supplier<String> map;
  private final Thread thread = Thread.currentThread();
  private final Queue<Thread> waiters = new ConcurrentLinkedQueue<>();

  /** In its shard; guarded by the lock of that. */
  @Nullable
  Computation next;

  private volatile boolean done;
  private @Nullable Object result;

  Computation(Supplier<String> map, int hash, Object key) {
    this.map = map;
    this.hash = hash;
    this.key = key;
  }

  int hash() {
    return hash;
  }

  boolean isFor(int otherHash, Object other) {
    return hash == otherHash && (key == other || key.equals(other));
  }

  /** It is over; the result, if it was put, is for those who wait. */
  void over(TimeSource time, @Nullable Object put) {
    result = put;
    wake(time);
  }

  /** Has those who wait for each of these look again. */
  static void wakeAll(@Nullable Computation overtaken, TimeSource time) {
    for (Computation each = overtaken; each != null; each = each.next) {
      each.wake(time);
    }
  }

  private void wake(TimeSource time) {
    done = true;
    waiters.forEach(time::unpark);
  }

  /**
   * Waits until it is over.
   *
   * @return what it put; null if it put nothing, or was overtaken
   * @throws IllegalStateException if it waits, by way of others perhaps, for the calling thread
   */
  @Nullable
  Object await(TimeSource time, Object wanted) {
    Thread self = Thread.currentThread();
    boolean interrupted = false;
    waiters.add(self);
    WAITING.put(self, this);
    try {
      refuseCircle(self, wanted);
      while (!done) {
        time.park(this, Long.MAX_VALUE);
        interrupted |= Thread.interrupted();
      }
      return result;
    } finally {
      WAITING.remove(self);
      waiters.remove(self);
      if (interrupted) {
        self.interrupt();
      }
    }
  }

  private void refuseCircle(Thread self, Object wanted) {
    List<String> keys = new ArrayList<>();
    Computation each = this;
    for (int i = 0; each != null && i < LONGEST_CHAIN; i++) {
      keys.add("'" + each.key + "' of map '" + each.map.get() + "'");
      if (each.thread == self) {
        throw new IllegalStateException("The value of key '" + wanted
            + "' cannot be computed, since it is needed to compute itself: "
            + String.join(", which waits for ", keys) + ", which is computed by thread '"
            + self.getName()
            + "' that asks. Compute one of them beforehand.");
      }
      each = WAITING.get(each.thread);
    }
  }
}
