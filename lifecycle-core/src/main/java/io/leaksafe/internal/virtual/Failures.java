package io.leaksafe.internal.virtual;

import io.leaksafe.internal.check.Text;
import java.util.ArrayDeque;
import java.util.Deque;

/** What threads of virtual time threw and nobody caught, kept until whoever moves time next can be told. Thread-safe. */
final class Failures {

  private final VirtualClock clock;
  private final Deque<IllegalStateException> failures = new ArrayDeque<>();

  Failures(VirtualClock clock) {
    this.clock = clock;
  }

  synchronized void add(String thread, Throwable thrown) {
    failures.add(new IllegalStateException(
        "Thread '"
            + thread
            + "' ended by an uncaught exception "
            + Text.duration(clock.now())
            + " after the start of virtual time: "
            + thrown,
        thrown));
  }

  /** Notes a task that failed on a thread that goes on. */
  synchronized void addTask(String what, Throwable thrown) {
    failures.add(new IllegalStateException(
        what
            + " failed "
            + Text.duration(clock.now())
            + " after the start of virtual time: "
            + thrown
            + ". If that is what this test is about, leave it to the log: ignoreTaskFailures().",
        thrown));
  }

  /** Throws the first failure with the others suppressed, and forgets them. */
  synchronized void report() {
    IllegalStateException first = failures.poll();
    if (first != null) {
      attachTo(first);
      throw first;
    }
  }

  /** Suppresses the failures in something that is about to be thrown, and forgets them. */
  synchronized void attachTo(Throwable thrown) {
    failures.forEach(thrown::addSuppressed);
    failures.clear();
  }
}
