package io.leaksafe.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** Virtual time that can run out of threads; after each test none is left. */
abstract class TimerTestCase {

  final VirtualScheduler time = new VirtualScheduler();

  /** What happened, in order, each with the moment in milliseconds. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  /** How many more threads the machine has to give. */
  final AtomicInteger threadsLeft = new AtomicInteger(Integer.MAX_VALUE);

  /** The names of the threads that were started for tasks that may block. */
  final List<String> furtherThreads = Collections.synchronizedList(new ArrayList<>());

  /** This test's time, on a machine that may have no thread left. */
  final TimeSource scarce = new TimeSource() {
    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public Instant instant() {
      return time.instant();
    }

    @Override
    public void park(Object blocker, long nanos) {
      time.park(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
      time.unpark(thread);
    }

    @Override
    public Thread startThread(String name, Runnable body) {
      if (threadsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
        throw new OutOfMemoryError("unable to create native thread, says the test");
      }
      return time.startThread(name, body);
    }

    @Override
    public Thread startWorker(String name, Runnable body) {
      furtherThreads.add(name);
      return startThread(name, body);
    }

    @Override
    public boolean join(Thread thread, long nanos) {
      return time.join(thread, nanos);
    }
  };

  /** Ends what the test began. */
  abstract void close();

  @AfterEach
  void noThreadIsLeft() {
    close();
    time.settle();
    assertThat(threads()).as("threads left behind").isEmpty();
  }

  /** A line for each thread that is alive. */
  final List<String> threads() {
    return time.describe().lines().skip(1).toList();
  }

  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  /** The moment so many milliseconds from now. */
  final long in(long millis) {
    return time.nanoTime() + Duration.ofMillis(millis).toNanos();
  }

  final void advance(long millis) {
    time.advance(Duration.ofMillis(millis));
  }
}
